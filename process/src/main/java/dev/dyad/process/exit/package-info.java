/// How a child ends: how its exit is noticed and taken, and how it is made to end.
///
/// [ChildLifecycle][dev.dyad.process.exit.ChildLifecycle] follows one child, and
/// [ChildProcess][dev.dyad.process.exit.ChildProcess] is its number as long as that is its own. The reaper, the thread
/// that is told of every end, is `Launch.REAPER`.
package dev.dyad.process.exit;
