package dev.dyad.php;

import dev.dyad.php.error.Arguments;
import dev.dyad.php.process.ForkedChildren;
import dev.dyad.php.process.Processes;
import dev.dyad.php.process.WaitStatus;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SysWait;

/// PHP's functions for child processes, by their names: `import static dev.dyad.php.Pcntl.*;`.
///
/// Those of `pcntl` start a child and wait for it; those of `posix`, and `getmypid`, tell the numbers of processes and
/// send signals. What a PHP function answers with `false` is `-1` or `false` here. A failed call sets the error of
/// [#pcntl_get_last_error] or of [#posix_get_last_error], each of which is one per thread and apart from those of
/// [Sockets]; success clears none. A program's own mistake is a [PhpError], with PHP's message. PHP's own declaration
/// of a function is at the one with all arguments. What differs from PHP, and why, is in `docs/php.md`.
///
/// All may be called from any thread, virtual ones too. What needs native access says so: without it,
/// [#pcntl_fork], [#posix_kill], [#posix_getpgrp] and [#posix_getpgid] throw [UnsupportedOperationException].
///
/// {@snippet file="dev/dyad/php/examples/SocketsExamplesTest.java" region="pcntl"}
///
/// @see <a href="https://www.php.net/manual/en/book.pcntl.php">Process control, PHP manual</a>
/// @see <a href="https://www.php.net/manual/en/book.posix.php">POSIX, PHP manual</a>
public final class Pcntl implements ProcessConstants {

    /// Do not wait: answer 0 when no child has ended.
    public static final int WNOHANG = 1;

    /// Tell of children that were stopped, too.
    public static final int WUNTRACED = 2;

    /// Tell of children that go on after a stop, too.
    public static final int WCONTINUED = 8;

    private Pcntl() {}

    /// Starts a process that has copies of these sockets and runs `body`.
    ///
    /// It stands for PHP's `int pcntl_fork()`, which the JVM cannot have: `fork(2)` copies only the thread
    /// that calls it. The collector's threads, the compiler's and all others would be missing in the child,
    /// with the locks that they held locked for ever; the next allocation could already hang.
    ///
    /// So the child is a new JVM, which begins with `body` and not at this line, and has nothing of this JVM's
    /// memory but what the body captures, as copies: static fields have what their initializers put there. Values
    /// are copied by Java's serialization, as they are when this is called; a socket that the body captures is
    /// the child's own, as one that it is given. Each side closes the sockets that it does not use, as in PHP.
    /// The child gets this JVM's class or module path, native access, memory limits and `-D` options, but no
    /// agent, debugger, JMX port, flight recording or log file. It exits with 0 when `body` returns, and with 255
    /// and a stack trace when it throws.
    ///
    /// Works in a program that was started as `java File.java`, too, where the child compiles that file once
    /// more.
    ///
    /// @param body a static method, or a lambda that captures nothing but sockets and what is
    ///     [java.io.Serializable]
    /// @param sockets what the child gets copies of; they stay open here
    /// @return the pid of the child, `-1` if there is none
    /// @throws ValueError if the body captures what cannot be copied, `this` among it, or a new JVM could not
    ///     load or call it; no child was started
    /// @throws PhpError if a socket is closed
    /// @throws UnsupportedOperationException without native access
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-fork.php">pcntl_fork</a>
    public static int pcntl_fork(ForkBody body, Socket... sockets) {
        return ForkCall.fork(body, sockets);
    }

    /// Waits until a child of [#pcntl_fork] has ended.
    ///
    /// @param pid the child; -1 for any of them, 0 for one of this process group, less for one of that group
    /// @param status how it ended, for [#pcntl_wifexited] and its family
    /// @return the pid, or `-1` if there is no such child or the thread was interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-waitpid.php">pcntl_waitpid</a>
    public static int pcntl_waitpid(int pid, Ref<Integer> status) {
        return pcntl_waitpid(pid, status, 0);
    }

    /// Waits until a child of [#pcntl_fork] has ended, or was stopped, or goes on.
    ///
    /// `int pcntl_waitpid(int $process_id, int &$status, int $flags = 0)`
    ///
    /// Nothing tells of a stop, so that with [#WUNTRACED] or [#WCONTINUED] this looks every hundredth of a
    /// second.
    ///
    /// @param pid the child; -1 for any of them, 0 for one of this process group, less for one of that group
    /// @param status what became of it, for [#pcntl_wifexited] and its family
    /// @param flags [#WNOHANG], [#WUNTRACED], [#WCONTINUED]
    /// @return the pid, 0 if there is nothing to say yet, or `-1` if there is no such child or the thread was
    ///     interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-waitpid.php">pcntl_waitpid</a>
    public static int pcntl_waitpid(int pid, Ref<Integer> status, int flags) {
        Arguments.requireNonNull(status, "pcntl_waitpid", 2, "status", "Ref");
        return ForkedChildren.waitFor(pid, status, flags);
    }

    /// Waits until any child of [#pcntl_fork(ForkBody, Socket...)] has ended, as [#pcntl_waitpid(int, Ref)] with
    /// -1 does.
    ///
    /// @param status how it ended, for [#pcntl_wifexited] and its family
    /// @return its pid, or `-1` if there is no child or the thread was interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wait.php">pcntl_wait</a>
    public static int pcntl_wait(Ref<Integer> status) {
        return pcntl_wait(status, 0);
    }

    /// Waits until any child of [#pcntl_fork(ForkBody, Socket...)] has ended, or was stopped, or goes on, as
    /// [#pcntl_waitpid(int, Ref, int)] with -1 does.
    ///
    /// `int pcntl_wait(int &$status, int $flags = 0)`
    ///
    /// @param status what became of it, for [#pcntl_wifexited] and its family
    /// @param flags [#WNOHANG], [#WUNTRACED], [#WCONTINUED]
    /// @return its pid, 0 if there is nothing to say yet, or `-1` if there is no child or the thread was
    ///     interrupted
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wait.php">pcntl_wait</a>
    public static int pcntl_wait(Ref<Integer> status, int flags) {
        Arguments.requireNonNull(status, "pcntl_wait", 1, "status", "Ref");
        return ForkedChildren.waitFor(-1, status, flags);
    }

    /// Returns why the last [#pcntl_fork] or [#pcntl_waitpid] of this thread that failed did so, 0 if none has.
    ///
    /// `int pcntl_get_last_error()`
    ///
    /// It is apart from [Sockets#socket_last_error()], as in PHP.
    ///
    /// @return the `errno`
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-get-last-error.php">pcntl_get_last_error</a>
    public static int pcntl_get_last_error() {
        return ForkedChildren.lastError();
    }

    /// Returns why the last [#pcntl_fork] or [#pcntl_waitpid] of this thread that failed did so; another name of
    /// [#pcntl_get_last_error].
    ///
    /// `int pcntl_errno()`
    ///
    /// @return the `errno`
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-errno.php">pcntl_errno</a>
    public static int pcntl_errno() {
        return pcntl_get_last_error();
    }

    /// Returns the text of an error of [#pcntl_get_last_error].
    ///
    /// `string pcntl_strerror(int $error_code)`
    ///
    /// @param errorCode an `errno`
    /// @return the text
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-strerror.php">pcntl_strerror</a>
    public static String pcntl_strerror(int errorCode) {
        return Platforms.current().errnoText(errorCode);
    }

    /// Returns whether the child exited.
    ///
    /// `bool pcntl_wifexited(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return whether it did
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifexited.php">pcntl_wifexited</a>
    public static boolean pcntl_wifexited(int status) {
        return SysWait.WIFEXITED(status);
    }

    /// Returns the code that the child exited with.
    ///
    /// `int|false pcntl_wexitstatus(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return the code, 0 to 255
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wexitstatus.php">pcntl_wexitstatus</a>
    public static int pcntl_wexitstatus(int status) {
        return SysWait.WEXITSTATUS(status);
    }

    /// Returns whether a signal ended the child.
    ///
    /// `bool pcntl_wifsignaled(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return whether one did
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifsignaled.php">pcntl_wifsignaled</a>
    public static boolean pcntl_wifsignaled(int status) {
        return WaitStatus.isSignaled(status);
    }

    /// Returns the signal that ended the child.
    ///
    /// `int|false pcntl_wtermsig(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return its number
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wtermsig.php">pcntl_wtermsig</a>
    public static int pcntl_wtermsig(int status) {
        return SysWait.WTERMSIG(status);
    }

    /// Returns whether the child is stopped.
    ///
    /// `bool pcntl_wifstopped(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return whether it is
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifstopped.php">pcntl_wifstopped</a>
    public static boolean pcntl_wifstopped(int status) {
        return WaitStatus.isStopped(status);
    }

    /// Returns the signal that stopped the child.
    ///
    /// `int|false pcntl_wstopsig(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return its number
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wstopsig.php">pcntl_wstopsig</a>
    public static int pcntl_wstopsig(int status) {
        return SysWait.WEXITSTATUS(status); // where `WSTOPSIG` is as well
    }

    /// Returns whether the child goes on after a stop.
    ///
    /// `bool pcntl_wifcontinued(int $status)`
    ///
    /// @param status what [#pcntl_waitpid(int, Ref)] told
    /// @return whether it does
    /// @see <a href="https://www.php.net/manual/en/function.pcntl-wifcontinued.php">pcntl_wifcontinued</a>
    public static boolean pcntl_wifcontinued(int status) {
        return WaitStatus.isContinued(status);
    }

    /// Sends a signal to a process.
    ///
    /// `bool posix_kill(int $process_id, int $signal)`
    ///
    /// A child of [#pcntl_fork(ForkBody, Socket...)] that has ended and was not waited for is there until it is,
    /// and nothing is sent to the process that has its number now. A signal to this JVM itself is the JVM's:
    /// SIGTERM has it exit in its own way.
    ///
    /// @param pid the process; 0 for all of this process group, less than -1 for all of that group, -1 for all
    ///     that may be signalled
    /// @param signal a `SIG` constant; 0 for none, which only finds out whether the process is there
    /// @return whether it was sent; if not, [#posix_get_last_error] says why
    /// @throws UnsupportedOperationException without native access
    /// @see <a href="https://www.php.net/manual/en/function.posix-kill.php">posix_kill</a>
    public static boolean posix_kill(int pid, int signal) {
        return Processes.kill(pid, signal);
    }

    /// Returns why the last `posix_` call of this thread that failed did so, 0 if none has.
    ///
    /// `int posix_get_last_error()`
    ///
    /// @return the `errno`
    /// @see <a href="https://www.php.net/manual/en/function.posix-get-last-error.php">posix_get_last_error</a>
    public static int posix_get_last_error() {
        return Processes.lastError();
    }

    /// Returns why the last `posix_` call of this thread that failed did so; another name of
    /// [#posix_get_last_error].
    ///
    /// `int posix_errno()`
    ///
    /// @return the `errno`
    /// @see <a href="https://www.php.net/manual/en/function.posix-errno.php">posix_errno</a>
    public static int posix_errno() {
        return posix_get_last_error();
    }

    /// Returns the text of an error of [#posix_get_last_error].
    ///
    /// `string posix_strerror(int $error_code)`
    ///
    /// @param errorCode an `errno`
    /// @return the text
    /// @see <a href="https://www.php.net/manual/en/function.posix-strerror.php">posix_strerror</a>
    public static String posix_strerror(int errorCode) {
        return pcntl_strerror(errorCode);
    }

    /// Returns the number of this process.
    ///
    /// `int|false getmypid()`
    ///
    /// @return the pid
    /// @see <a href="https://www.php.net/manual/en/function.getmypid.php">getmypid</a>
    public static int getmypid() {
        return (int) ProcessHandle.current().pid();
    }

    /// Returns the number of this process; another name of [#getmypid].
    ///
    /// `int posix_getpid()`
    ///
    /// @return the pid
    /// @see <a href="https://www.php.net/manual/en/function.posix-getpid.php">posix_getpid</a>
    public static int posix_getpid() {
        return getmypid();
    }

    /// Returns the number of the process that started this one, or that took its place.
    ///
    /// `int posix_getppid()`
    ///
    /// @return the pid, 0 where this process may not see it
    /// @see <a href="https://www.php.net/manual/en/function.posix-getppid.php">posix_getppid</a>
    public static int posix_getppid() {
        return ProcessHandle.current()
                .parent()
                .map(ProcessHandle::pid)
                .orElse(0L)
                .intValue();
    }

    /// Returns the number of this process's group.
    ///
    /// `int posix_getpgrp()`
    ///
    /// @return the process group
    /// @throws UnsupportedOperationException without native access
    /// @see <a href="https://www.php.net/manual/en/function.posix-getpgrp.php">posix_getpgrp</a>
    public static int posix_getpgrp() {
        return Processes.group(0);
    }

    /// Returns the number of a process's group.
    ///
    /// `int|false posix_getpgid(int $process_id)`
    ///
    /// @param pid the process; 0 for this one
    /// @return the process group; `-1` stands for false, and [#posix_get_last_error] says why
    /// @throws UnsupportedOperationException without native access
    /// @see <a href="https://www.php.net/manual/en/function.posix-getpgid.php">posix_getpgid</a>
    public static int posix_getpgid(int pid) {
        return Processes.group(pid);
    }
}
