// The AWS SDK warns on Node 20 that it will leave it behind; the tests run there on purpose.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
