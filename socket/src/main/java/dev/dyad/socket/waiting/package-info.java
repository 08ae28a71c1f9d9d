/// How a thread waits until a call is worth another try, and how it is woken.
///
/// A [Waiter][dev.dyad.socket.waiting.Waiter] is one thread that waits for one direction: in `ppoll`, in the call that
/// receives, parked until the poller has news, or by looking again after a pause. Nobody else blocks.
package dev.dyad.socket.waiting;
