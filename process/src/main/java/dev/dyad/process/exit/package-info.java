/// How a child ends: how its exit is noticed and taken, and how it is made to end.
///
/// [ChildLifecycle][dev.dyad.process.exit.ChildLifecycle] follows one child,
/// [ChildProcess][dev.dyad.process.exit.ChildProcess] is its number as long as that is its own, and the
/// [Reaper][dev.dyad.process.exit.Reaper] is the thread that is told of every end.
package dev.dyad.process.exit;
