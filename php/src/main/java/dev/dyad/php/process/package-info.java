/// The children of `pcntl_fork` until somebody has waited for them, and what PHP tells of processes.
///
/// [ForkedChildren][dev.dyad.php.process.ForkedChildren] waits for them, and
/// [CapturedValues][dev.dyad.php.process.CapturedValues] are the variables that travel to one.
package dev.dyad.php.process;
