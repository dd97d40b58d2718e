import fc from 'fast-check';

// A build server tests the same cases every time, so that a red build is the change's doing; everybody else's run looks
// at new ones.
if (process.env.CI === 'true') fc.configureGlobal({ seed: 20231130 });
