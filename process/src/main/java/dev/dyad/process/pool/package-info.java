/// Children that a pool starts otherwise than their command says: their process group ends with them, and they read
/// nothing of ours.
///
/// [PoolSpawn][dev.dyad.process.pool.PoolSpawn] is for module `worker`, which leaves the command as it is, and names
/// its program to the flight recorder.
package dev.dyad.process.pool;
