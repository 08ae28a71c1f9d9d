package dev.dyad.socket;

/// Who a peer is, as the kernel says.
///
/// {@snippet file="dev/dyad/socket/examples/StreamExamplesTest.java" region="credentials"}
///
/// @param pid its process, or zero where that is in no namespace of ours
/// @param uid its effective user, when it connected or sent
/// @param gid its effective group
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7), SO_PEERCRED and SCM_CREDENTIALS</a>
public record Credentials(int pid, long uid, long gid) {}
