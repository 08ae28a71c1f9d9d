package dev.dyad.php;

import java.io.Serializable;

/// What a child process of [Pcntl#pcntl_fork(ForkBody, Socket...)] does.
///
/// A static method, or a lambda that does not use `this`. What a lambda captures arrives in the child as a copy:
/// strings, numbers, arrays, lists, maps, records and whatever else is [Serializable] as it is at the call, and of
/// sockets the child's own. A static field is not captured: the child has what its initializer puts there.
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="body"}
@FunctionalInterface
public interface ForkBody extends Serializable {

    /// Runs in the child process.
    ///
    /// @param sockets the child's own copies of the sockets that were given to `pcntl_fork`, in that order
    /// @throws Exception for any reason: the child then prints its stack trace and exits with 255
    void run(Socket[] sockets) throws Exception;
}
