/// How a child is started: by one `posix_spawn`, with its descriptors, its environment, and nothing else.
///
/// [SpawnOperation][dev.dyad.process.spawn.SpawnOperation] is that call.
/// [ChildDescriptors][dev.dyad.process.spawn.ChildDescriptors] is what the child is given by number, and
/// [PreExec][dev.dyad.process.spawn.PreExec] what it has to do for itself before its program runs.
package dev.dyad.process.spawn;
