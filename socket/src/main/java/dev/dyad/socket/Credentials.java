package dev.dyad.socket;

/// The process, the user and the group of a peer, as the kernel tells them.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="credentials"}
///
/// @param pid its process id, or zero where our namespace does not have that process
/// @param uid its effective user id, when it connected or sent
/// @param gid its effective group id
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SO_PEERCRED and SCM_CREDENTIALS</a>
public record Credentials(int pid, long uid, long gid) {}
