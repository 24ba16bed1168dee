/** On Node 20 the AWS SDK announces that it will ask for Node 22; the notice would stand above every command's output. */
export const quietSdk = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
