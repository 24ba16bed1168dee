import { api, authorizer, integration, route, stage } from './api-gateway';
import type { ResourceHandler } from './handler';
import { role } from './iam';
import { lambdaFunction, lambdaPermission, logGroup } from './lambda';
import { bucket, bucketPolicy } from './s3';

/** The types of resources that a stack may have here. */
export const resourceTypes: ReadonlyMap<string, ResourceHandler> = new Map([
  ['AWS::S3::Bucket', bucket],
  ['AWS::S3::BucketPolicy', bucketPolicy],
  ['AWS::IAM::Role', role],
  ['AWS::Lambda::Function', lambdaFunction],
  ['AWS::Lambda::Permission', lambdaPermission],
  ['AWS::Logs::LogGroup', logGroup],
  ['AWS::ApiGatewayV2::Api', api],
  ['AWS::ApiGatewayV2::Stage', stage],
  ['AWS::ApiGatewayV2::Integration', integration],
  ['AWS::ApiGatewayV2::Route', route],
  ['AWS::ApiGatewayV2::Authorizer', authorizer],
]);
