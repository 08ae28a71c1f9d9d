/// Pools of children that answer requests.
///
/// Begin with [dev.dyad.worker.WorkerPlan], which says how workers are started and how many. What it starts,
/// [dev.dyad.worker.Workers], is asked.
///
/// {@snippet file="dev/dyad/worker/examples/WorkersExamplesTest.java" region="workers"}
package dev.dyad.worker;
