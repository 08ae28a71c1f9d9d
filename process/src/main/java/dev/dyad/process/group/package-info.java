/// Children whose process group ends with them though their command does not say so.
///
/// [GroupSpawn][dev.dyad.process.group.GroupSpawn] is for module `worker`, which leaves the command as it is.
package dev.dyad.process.group;
