/// Children that one can talk to: each is started with one end of a socket pair, on descriptor 3 unless said
/// otherwise.
///
/// {@snippet file="dev/dyad/process/examples/ChildExamplesTest.java" region="child"}
///
/// - What is started: [Command], or [JavaCommand] for a JVM like this one; [Stdio] says what is on its descriptors.
/// - What runs: [Child], with its [Exit] and its [ResourceUsage] at the end; or its [Output], all at once.
/// - In the child: [Inherited] is what the parent gave it, [ServiceManager] is told how it is doing.
package dev.dyad.process;
