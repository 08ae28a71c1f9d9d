package dev.dyad.socket.fd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.SockAddrUn;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysFile;
import dev.dyad.posix.SysSocket;
import dev.dyad.posix.SysStat;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.UnixAddress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.Arrays;

/// A file that a UNIX socket was bound to which no process holds any more, as after that process was killed.
///
/// A datagram socket asks by `connect` whether a process holds it: the kernel refuses where there is no socket
/// behind the file, and says that the type is another one where there is a stream's, also where that does not
/// listen yet or its queue is full. A process that listens there notices nothing.
///
/// It is asked and deleted under a lock on a file next to it. The lock file stays, unless the call that made it
/// fails after that, as where the stale file belongs to another user, who could not open the lock. It is deleted
/// while it is locked, and each process that locks one looks whether it is still there. Nobody waits for the
/// lock, as the process that has it leaves a socket that is held.
public final class StaleFile {

    private static final Platform OS = Platforms.current();
    private static final byte[] LOCK_SUFFIX = ".lock".getBytes(US_ASCII);
    private static final int OWNER_ONLY = 0600;
    private static final Errno EEXIST = new Errno(OS.errno("EEXIST"));
    private static final Errno EPERM = new Errno(OS.errno("EPERM"));

    private final CallState call;
    private final UnixAddress address;
    private final MemorySegment path;
    private final MemorySegment lockPath;
    private boolean lockIsMine; // made by this call

    private StaleFile(CallState call, UnixAddress address) {
        this.call = call;
        this.address = address;
        byte[] name = SocketAddresses.sunPath(address);
        path = NativeText.string(call, name);
        byte[] whole = Arrays.copyOf(name, name.length + LOCK_SUFFIX.length);
        System.arraycopy(LOCK_SUFFIX, 0, whole, name.length, LOCK_SUFFIX.length);
        lockPath = NativeText.string(call, whole);
    }

    /// Binds to a name, also where a stale file is in the way.
    ///
    /// @throws SystemCallException with `EADDRINUSE` if the file is no socket, or somebody holds it or is about
    ///     to
    public static void bindReplacing(Fd ends, SocketAddress address) throws IOException {
        try {
            SocketNames.bind(ends, address);
        } catch (SystemCallException e) {
            if (!e.errno().equals(Errno.EADDRINUSE)
                    || !(SocketAddresses.of(address) instanceof UnixAddress unix)
                    || unix.isAbstract()
                    || unix.isUnnamed()) {
                throw e;
            }
            replace(ends, unix);
        }
    }

    private static void replace(Fd ends, UnixAddress address) throws IOException {
        try (var call = CallState.open()) {
            var file = new StaleFile(call, address);
            boolean _ = file.isThere(); // so that no lock is left next to what stays
            int lock = file.lock();
            boolean done = false;
            try {
                file.delete();
                SocketNames.bind(ends, address);
                done = true;
            } finally {
                if (!done && file.lockIsMine) {
                    int _ = Unistd.unlink(file.call, file.lockPath); // or its owner is kept out for good
                }
                SocketCalls.closeNow(lock);
            }
        }
    }

    /// Returns whether the file is there and nobody's, or is not there.
    private boolean isThere() throws IOException {
        MemorySegment stat = call.allocate(Stat.LAYOUT);
        int answer = SysStat.lstat(call, path, stat);
        if (isGone(answer)) {
            return false;
        }
        requireSuccess("lstat", answer, address.toString());
        if ((Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFSOCK()) {
            throw inUse("which is no socket");
        }
        return isRefused();
    }

    private boolean isRefused() throws IOException {
        int type = OS.SOCK_DGRAM() | OS.SOCK_CLOEXEC() | OS.SOCK_NONBLOCK();
        int socket = SysSocket.socket(call, OS.AF_UNIX(), type, 0);
        requireSuccess("socket", socket, address.toString());
        try {
            return isRefused(socket);
        } finally {
            SocketCalls.closeNow(socket);
        }
    }

    private boolean isRefused(int socket) throws IOException {
        MemorySegment name = call.allocate(SockAddrUn.LAYOUT);
        int length = SockAddrUn.set(name, OS.AF_UNIX(), SocketAddresses.sunPath(address));
        int answer = CallState.retry(() -> SysSocket.connect(call, socket, name, length));
        if (isGone(answer)) {
            return false;
        }
        Errno errno = Errno.of(answer);
        if (answer == 0 || errno.equals(Errno.EPROTOTYPE) || errno.equals(EPERM)) { // a datagram socket's peer
            throw inUse("which somebody holds");
        }
        if (errno.equals(Errno.ECONNREFUSED)) {
            return true;
        }
        throw new SystemCallException("connect", errno, address.toString());
    }

    private int lock() throws IOException {
        int lock = openLock();
        boolean locked = false;
        try {
            lock(lock);
            locked = true;
            return lock;
        } finally {
            if (!locked) {
                SocketCalls.closeNow(lock);
            }
        }
    }

    private void lock(int lock) throws IOException {
        int answer = CallState.retry(() -> SysFile.flock(call, lock, OS.LOCK_EX() | OS.LOCK_NB()));
        if (answer < 0 && Errno.of(answer).equals(Errno.EAGAIN)) {
            throw takenOver();
        }
        requireSuccess("flock", answer, address + ".lock");
        if (!isInPlace(lock)) {
            throw takenOver();
        }
    }

    /// Returns whether the lock is still the one that all others find.
    private boolean isInPlace(int lock) throws IOException {
        MemorySegment locked = call.allocate(Stat.LAYOUT);
        requireSuccess("fstat", SysStat.fstat(call, lock, locked), address + ".lock");
        MemorySegment found = call.allocate(Stat.LAYOUT);
        int answer = SysStat.lstat(call, lockPath, found);
        if (isGone(answer)) {
            return false;
        }
        requireSuccess("lstat", answer, address + ".lock");
        return Stat.inode(found) == Stat.inode(locked) && Stat.device(found) == Stat.device(locked);
    }

    private SystemCallException takenOver() {
        return inUse("which another takes over now");
    }

    /// Creates no file where a symbolic link points to, and only opens what is itself a file.
    private int openLock() throws IOException {
        int answer = open(lockPath, OS.O_CREAT() | OS.O_EXCL());
        lockIsMine = answer >= 0;
        if (answer < 0 && Errno.of(answer).equals(EEXIST)) {
            requireFile();
            answer = open(lockPath, 0);
            if (isGone(answer)) {
                throw takenOver();
            }
            if (answer < 0 && Errno.of(answer).equals(Errno.EACCES)) {
                throw new SystemCallException("open", Errno.EACCES, foreignLock());
            }
        }
        requireSuccess("open", answer, address + ".lock");
        return answer;
    }

    /// To lock a link would lock the file that it points to, which others do not find.
    private void requireFile() throws IOException {
        MemorySegment stat = call.allocate(Stat.LAYOUT);
        int answer = SysStat.lstat(call, lockPath, stat);
        if (isGone(answer)) {
            throw takenOver();
        }
        requireSuccess("lstat", answer, address + ".lock");
        if ((Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFREG()) {
            throw new SystemCallException(
                    "open", EEXIST, address + ".lock, which is a symbolic link or no file, and cannot be a lock");
        }
    }

    private String foreignLock() {
        MemorySegment stat = call.allocate(Stat.LAYOUT);
        String owner = SysStat.lstat(call, lockPath, stat) < 0 ? "another user" : "the user " + Stat.uid(stat);
        return address + ".lock, the lock of " + owner + ", who has to delete it";
    }

    private int open(MemorySegment file, int flags) {
        return CallState.retry(
                () -> Fcntl.open(call, file, OS.O_RDONLY() | OS.O_NONBLOCK() | OS.O_CLOEXEC() | flags, OWNER_ONLY));
    }

    private void delete() throws IOException {
        int answer = isThere() ? Unistd.unlink(call, path) : 0;
        if (!isGone(answer)) {
            requireSuccess("unlink", answer, address.toString());
        }
    }

    /// A process that ends may delete its file at this moment.
    private static boolean isGone(int answer) {
        return answer < 0 && Errno.of(answer).equals(Errno.ENOENT);
    }

    private SystemCallException inUse(String why) {
        return new SystemCallException("bind", Errno.EADDRINUSE, address + ", " + why);
    }

    private static void requireSuccess(String call, int answer, String subject) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer), subject);
        }
    }
}
