/// Children that a pool starts otherwise than their command says: their process group ends with them, and they read
/// nothing of ours.
///
/// [GroupSpawn][dev.dyad.process.group.GroupSpawn] is for module `worker`, which leaves the command as it is.
package dev.dyad.process.group;
