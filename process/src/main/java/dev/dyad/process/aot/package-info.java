/// The ahead-of-time caches of Java children: where they are kept, when they fit, and the processes that make
/// them.
///
/// [AotTraining][dev.dyad.process.aot.AotTraining] has those of one command made by an
/// [AotTrainer][dev.dyad.process.aot.AotTrainer], in a JVM of its own.
package dev.dyad.process.aot;
