package dev.dyad.socket.jdk;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysStat;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.OpenDescriptors;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// Makes a file channel of the JDK over a descriptor of ours, for which the JDK has no public way.
///
/// A channel that the JDK has opened itself, on memory that is a file nobody else knows, is given our file in the
/// place of its own: `dup3` over its number. So it shares the position with all others that have the open file.
public final class FileChannels implements AutoCloseable {

    private static final Platform OS = Platforms.current();

    private final CallState call = CallState.open();
    private final MemorySegment stat = call.allocate(Stat.LAYOUT);

    /// Returns a channel with a descriptor of its own for the file `raw`, which stays open.
    public static FileChannel channelOver(int raw) throws IOException {
        try (var adoption = new FileChannels()) {
            return adoption.adopt(raw);
        }
    }

    @Override
    public void close() {
        call.close();
    }

    private FileChannel adopt(int raw) throws IOException {
        requireNoSocket(raw);
        int memory = checked("memfd_create", OS.openMemory(call, call.allocateFrom("dyad")));
        try {
            int guess = lowestFree(raw);
            FileChannel donor = opened(memory, options(raw));
            boolean done = false;
            try {
                SocketCalls.replace(call, raw, find(memory, guess));
                done = true;
                return donor;
            } finally {
                if (!done) {
                    donor.close();
                }
            }
        } finally {
            SocketCalls.closeNow(memory);
        }
    }

    private static FileChannel opened(int memory, Set<OpenOption> options) throws IOException {
        try {
            return FileChannel.open(OpenDescriptors.link(memory), options);
        } catch (NoSuchFileException e) {
            throw OpenDescriptors.explained(e);
        }
    }

    private void requireNoSocket(int raw) throws IOException {
        int _ = checked("fstat", SysStat.fstat(call, raw, stat));
        if ((Stat.mode(stat) & OS.S_IFMT()) == OS.S_IFSOCK()) {
            throw new SystemCallException("fstat", Errno.EINVAL, "descriptor " + raw + " is a socket");
        }
    }

    private Set<OpenOption> options(int raw) throws IOException {
        int mode = checked("fcntl", Fcntl.fcntl(call, raw, OS.F_GETFL(), 0)) & OS.O_ACCMODE();
        if (mode == OS.O_RDWR()) {
            return Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return Set.of(mode == OS.O_WRONLY() ? StandardOpenOption.WRITE : StandardOpenOption.READ);
    }

    /// What is opened next gets the lowest number, unless another thread is faster.
    private int lowestFree(int raw) throws IOException {
        int number = checked("fcntl", Fcntl.fcntl(call, raw, OS.F_DUPFD_CLOEXEC(), 0));
        SocketCalls.closeNow(number);
        return number;
    }

    /// Returns the other number of the file `memory`.
    private int find(int memory, int guess) throws IOException {
        int _ = checked("fstat", SysStat.fstat(call, memory, stat));
        long device = Stat.device(stat);
        long inode = Stat.inode(stat);
        return OpenDescriptors.find(guess, fd -> fd != memory && is(fd, device, inode));
    }

    private boolean is(int fd, long device, long inode) {
        return SysStat.fstat(call, fd, stat) == 0 && Stat.device(stat) == device && Stat.inode(stat) == inode;
    }

    private static int checked(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
        return answer;
    }
}
