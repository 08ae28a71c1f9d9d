/// Messages over an end, a child or two pipes, and requests that are answered.
///
/// Begin with [dev.dyad.message.MessageChannel], which moves whole messages as a
/// [dev.dyad.message.Wire] lays them out. [dev.dyad.message.Requests] asks, and knows which answer
/// belongs to which request.
///
/// {@snippet file="dev/dyad/message/examples/MessageExamplesTest.java" region="channel"}
package dev.dyad.message;
