package dev.dyad.php;

import java.io.Serializable;

/// What a child process of [Sockets#pcntl_fork(Body, Socket...)] does.
///
/// A static method, or a lambda that captures nothing: only its name travels to the child. It is serializable
/// so that its name can be found; nothing is ever deserialized.
@FunctionalInterface
public interface Body extends Serializable {

    /// Runs in the child process.
    ///
    /// @param sockets the child's own copies of the sockets that were given to `pcntl_fork`, in that order
    /// @throws Exception for any reason: the child then prints its stack trace and exits with 255
    void run(Socket[] sockets) throws Exception;
}
