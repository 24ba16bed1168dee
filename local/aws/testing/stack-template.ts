/** A stack as a buyer may have it: a function behind an HTTP API with an authorizer, its roles, its log, and a bucket for its data. */
export const stackTemplate = `AWSTemplateFormatVersion: '2010-09-09'
Description: A function behind an HTTP API
Parameters:
  Greeting:
    Type: String
    Default: hello
    AllowedPattern: '[a-z]+'
  Secret:
    Type: String
    NoEcho: true
    MinLength: 4
  CodeBucket:
    Type: String
    Default: ''
  CodeKey:
    Type: String
    Default: ''
Conditions:
  HasCode: !Not [!Equals [!Ref CodeBucket, '']]
Resources:
  Data:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub '\${AWS::StackName}-data-\${AWS::AccountId}'
      PublicAccessBlockConfiguration: { BlockPublicAcls: true }
  DataPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Data
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Effect: Deny
            Principal: '*'
            Action: s3:*
            Resource: [!GetAtt Data.Arn, !Sub '\${Data.Arn}/*']
            Condition: { Bool: { 'aws:SecureTransport': false } }
          - Effect: Allow
            Principal: { AWS: 'arn:aws:iam::777788889999:root' }
            Action: s3:GetObject
            Resource: !Sub '\${Data.Arn}/shared/*'
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: 'sts:AssumeRole' }
      Policies:
        - PolicyName: own
          PolicyDocument:
            Version: '2012-10-17'
            Statement:
              - { Effect: Allow, Action: ['s3:PutObject'], Resource: !Sub '\${Data.Arn}/*' }
              - { Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: !GetAtt Log.Arn }
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: !Sub '/aws/lambda/\${AWS::StackName}-greeter'
      RetentionInDays: 14
  Greeter:
    Type: AWS::Lambda::Function
    DependsOn: Log
    Properties:
      FunctionName: !Sub '\${AWS::StackName}-greeter'
      Runtime: nodejs20.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: 30
      MemorySize: 256
      Environment:
        Variables: { GREETING: !Ref Greeting, BUCKET: !Ref Data, COUNT: 7 }
      Code: !If
        - HasCode
        - { S3Bucket: !Ref CodeBucket, S3Key: !Ref CodeKey }
        - ZipFile: |
            exports.handler = async (event) => {
              console.log('greeting', event.requestContext.authorizer.lambda.who);
              return { says: process.env.GREETING, to: event.requestContext.authorizer.lambda.who };
            };
  Guard:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Timeout: 10
      Environment:
        Variables: { SECRET: !Ref Secret }
      Code:
        ZipFile: |
          exports.handler = async ({ identitySource: [token] }) => ({
            isAuthorized: token === process.env.SECRET,
            context: { who: 'ada' },
          });
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: !Ref 'AWS::StackName', ProtocolType: HTTP }
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Api, StageName: $default, AutoDeploy: true }
  Authorizer:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Api
      Name: guard
      AuthorizerType: REQUEST
      AuthorizerPayloadFormatVersion: '2.0'
      EnableSimpleResponses: true
      AuthorizerResultTtlInSeconds: 0
      IdentitySource: [$request.header.Authorization]
      AuthorizerUri: !Sub 'arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Guard.Arn}/invocations'
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: AWS_PROXY
      IntegrationUri: !GetAtt Greeter.Arn
      PayloadFormatVersion: '2.0'
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: GET /greet
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Authorizer
      Target: !Join ['/', [integrations, !Ref Integration]]
  MayGreet:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Greeter
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub 'arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/*/*/greet'
  MayGuard:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !GetAtt Guard.Arn
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub 'arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/authorizers/\${Authorizer}'
Outputs:
  Url: { Value: !Sub '\${Api.ApiEndpoint}/greet', Description: Where it greets }
  Bucket: { Value: !Ref Data }
  Greeter: { Value: !Ref Greeter }
`;
