// Preloaded into a supervised process: when the supervisor is gone, however it went, this process goes too.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
