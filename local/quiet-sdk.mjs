/** On Node 20 the AWS SDK warns that it will require Node 22. Without this, every command would print that first. */
export const quietSdk = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
