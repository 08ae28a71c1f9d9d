package dev.dyad.posix;

import dev.dyad.posix.linux.Linux;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What differs between one system and the next: numbers, shapes, and the calls that only one of them has.
///
/// Without native access the numbers are still there (Linux's, which PHP's manual speaks in), and the calls are
/// not.
public interface Platform extends SocketNumbers, OptionNumbers {

    /// Returns the platform that this process runs on.
    static Platform current() {
        return Holder.CURRENT;
    }

    /// Returns why there is no native call to be made here, or `null` where there is.
    @Nullable
    String whyNotNative();

    /// Returns whether native calls can be made.
    default boolean isNative() {
        return whyNotNative() == null;
    }

    // Errors and signals, by the names of <errno.h> and <signal.h>

    /// Returns the number of an error, such as `EPIPE`.
    ///
    /// @throws IllegalArgumentException if this system has no error of that name
    int errno(String name);

    /// Returns the name of an error number, such as `EPIPE`, or `null` where it has none.
    @Nullable
    String errnoName(int errno);

    /// Returns what the C library says of an error number, such as `Broken pipe`.
    String errnoText(int errno);

    /// Returns the number of a signal, such as `SIGTERM`.
    ///
    /// @throws IllegalArgumentException if this system has no signal of that name
    int signal(String name);

    /// Returns the number of signals, one more than the highest.
    int NSIG();

    /// How to take signals out of those that a thread holds back.
    int SIG_UNBLOCK();

    /// Returns the number of the resource `name`, such as `RLIMIT_NOFILE`, that a process may use up.
    ///
    /// @throws IllegalArgumentException if no resource is called so
    int resource(String name);

    // <poll.h>, <fcntl.h>, <sys/stat.h>, <limits.h>

    int POLLIN();

    int POLLOUT();

    int POLLPRI();

    int POLLERR();

    int POLLHUP();

    int POLLRDHUP();

    int POLLNVAL();

    int F_GETFD();

    int F_SETFD();

    int FD_CLOEXEC();

    int F_DUPFD_CLOEXEC();

    int F_GETFL();

    int F_SETFL();

    int F_ADD_SEALS();

    int F_GET_SEALS();

    int F_SEAL_SEAL();

    int F_SEAL_SHRINK();

    int F_SEAL_GROW();

    int F_SEAL_WRITE();

    int F_SEAL_FUTURE_WRITE();

    int O_ACCMODE();

    int O_RDONLY();

    int O_WRONLY();

    int O_RDWR();

    int O_CREAT();

    int O_EXCL();

    int O_TRUNC();

    int O_APPEND();

    int O_NONBLOCK();

    int O_CLOEXEC();

    /// The flag that opens what only stands for a file: a socket in the file system, for one, which cannot
    /// be opened.
    int O_PATH();

    int LOCK_EX();

    int LOCK_NB();

    int S_IFMT();

    int S_IFREG();

    int S_IFIFO();

    int S_IFSOCK();

    int IOV_MAX();

    // <sys/ioctl.h>

    long FIONREAD();

    long SIOCGIFNAME();

    long SIOCGIFADDR();

    // <sys/wait.h>, <spawn.h>

    int P_PID();

    int WNOHANG();

    int WNOWAIT();

    int WEXITED();

    int SA_NOCLDWAIT();

    int POSIX_SPAWN_SETPGROUP();

    int POSIX_SPAWN_SETSID();

    int POSIX_SPAWN_SETSIGDEF();

    int POSIX_SPAWN_SETSIGMASK();

    long sizeofSpawnFileActions();

    long sizeofSpawnAttributes();

    long sizeofSignalSet();

    // Calls that only this system has

    /// Opens the descriptor of a close-on-exec event queue.
    ///
    /// @return the descriptor, or `-errno`
    int openEventQueue(CallState state);

    /// Returns the call that [#openEventQueue] makes, for an error message.
    String eventQueueCall();

    /// Returns whether a thread may wait in the call that receives, rather than in `poll(2)`.
    boolean blocks();

    /// Returns the queue of a descriptor from [#openEventQueue].
    ///
    /// @param arena where its memory lives, for as long as the queue
    EventQueue eventQueue(Arena arena, int fd);

    /// Opens a close-on-exec, non-blocking descriptor that becomes readable when eight bytes are written to it.
    ///
    /// @return the descriptor, or `-errno`
    int openWakeDescriptor(CallState state);

    /// Sends up to `count` messages of an array of [MMsgHdr] in one call.
    ///
    /// @return how many were sent, at least one, or `-errno` where the first was not
    int sendMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags);

    /// Receives up to `count` messages into an array of [MMsgHdr] in one call.
    ///
    /// @return how many were received, at least one, or `-errno` where not even one was
    int receiveMany(CallState state, int fd, MemorySegment mmsghdrs, int count, int flags);

    /// Opens a close-on-exec, empty file in memory, with `name` (which ends with a NUL byte) for whoever looks at
    /// it.
    ///
    /// @return the descriptor, or `-errno`
    int openMemory(CallState state, MemorySegment name);

    /// Opens as [#openMemory] a file to which seals can be added.
    ///
    /// @return the descriptor, or `-errno`
    int openSealableMemory(CallState state, MemorySegment name);

    /// Opens a close-on-exec descriptor of the process `pid`, which becomes readable when it ends.
    ///
    /// @return the descriptor, or `-errno`
    int openProcess(CallState state, int pid);

    /// Sends a signal to the process of a descriptor from [#openProcess].
    ///
    /// @return zero, or `-errno`
    int signalProcess(CallState state, int pidfd, int signal);

    /// Limits a resource of another process.
    ///
    /// @param pid its number, zero for this process
    /// @param resource a number from [#resource]
    /// @param rlimit an [RLimit], or `NULL` to change nothing
    /// @param before an [RLimit] that is set to what it was, or `NULL`
    /// @return zero, or `-errno`
    int limitProcess(CallState state, int pid, int resource, MemorySegment rlimit, MemorySegment before);

    /// Returns the C library and its version.
    String libc();

    /// Returns the platform of a system, or one without native calls that says why.
    ///
    /// @param wanted the property `dyad.platform`: `none`, or empty for what the system has
    /// @param poller the property `dyad.poller`: `epoll` (also when empty) or `poll`
    static Platform choose(String wanted, String poller, String osName) {
        boolean polls = polls(poller);
        if (wanted.equals("none")) {
            return new NoPlatform("-Ddyad.platform=none");
        }
        if (!wanted.isEmpty()) {
            throw new IllegalArgumentException("dyad.platform is \"none\" or not set, not \"" + wanted + "\"");
        }
        if (!osName.equals("Linux")) {
            return new NoPlatform("Dyad makes no native calls on " + osName + " yet, only on Linux");
        }
        try {
            Linking.probe("gnu_get_libc_version");
            return new Linux(polls);
        } catch (IllegalCallerException denied) {
            return new NoPlatform("native access is denied; --enable-native-access=" + caller() + " allows it: "
                    + denied.getMessage());
        } catch (UnsupportedOperationException missing) {
            return new NoPlatform("Dyad does not know this C library yet: " + missing.getMessage());
        }
    }

    /// Returns who makes native calls, as `--enable-native-access` names it.
    static String caller() {
        Module module = Platform.class.getModule();
        return module.isNamed() ? module.getName() : "ALL-UNNAMED";
    }

    private static boolean polls(String poller) {
        return switch (poller) {
            case "", "epoll" -> false;
            case "poll" -> true;
            default ->
                throw new IllegalArgumentException(
                        "dyad.poller is \"epoll\", \"poll\" or not set, not \"" + poller + "\"");
        };
    }

    /// Chosen once, at first use.
    final class Holder {
        private static final Platform CURRENT = choose(
                System.getProperty("dyad.platform", ""),
                System.getProperty("dyad.poller", ""),
                System.getProperty("os.name", ""));

        private Holder() {}
    }
}
