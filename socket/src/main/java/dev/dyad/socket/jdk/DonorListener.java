package dev.dyad.socket.jdk;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.NativeText;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.OpenDescriptors;
import dev.dyad.socket.fd.SocketCalls;
import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// What the donors of [SocketChannels] connect to: a listener that nobody else can reach.
///
/// Its file and its folder are deleted as soon as it listens, so that nothing remains however this process
/// ends: an `O_PATH` descriptor still stands for the file, and has a path in `/proc/self/fd`. Where that
/// does not work, as without `/proc`, the file stays until this process exits by itself.
public final class DonorListener implements Closeable {

    private static final Platform OS = Platforms.current();
    private static final String FILE = "listener";
    private static final int NO_FILE = -1;

    private final ServerSocketChannel channel;
    private final int file;
    private final byte[] name;
    private final UnixDomainSocketAddress address;

    private DonorListener(ServerSocketChannel channel, PrivateFolder folder, int file) {
        this.channel = channel;
        this.file = file;
        name = name(folder);
        address = UnixDomainSocketAddress.of(file == NO_FILE ? folder.file(FILE) : OpenDescriptors.link(file));
    }

    /// Opens one in the first place that works.
    public static DonorListener open() throws IOException {
        try {
            return PrivateFolder.createFor(DonorListener::openUnlinked);
        } catch (IOException noProc) {
            return openNamed();
        }
    }

    /// Opens one whose file stays.
    public static DonorListener openNamed() throws IOException {
        return PrivateFolder.createFor(folder -> {
            var listener = new DonorListener(listen(folder), folder, NO_FILE);
            folder.deleteAtExit(FILE);
            return listener;
        });
    }

    private static DonorListener openUnlinked(PrivateFolder folder) throws IOException {
        var channel = listen(folder);
        boolean done = false;
        try {
            var listener = openUnlinked(folder, channel);
            done = true;
            return listener;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static DonorListener openUnlinked(PrivateFolder folder, ServerSocketChannel channel) throws IOException {
        var listener = new DonorListener(channel, folder, openFile(folder.file(FILE)));
        boolean done = false;
        try {
            listener.connect().close();
            listener.dropConnections();
            folder.close();
            done = true;
            return listener;
        } finally {
            if (!done) {
                listener.close();
            }
        }
    }

    /// Returns a channel that listens in a folder and does not block.
    static ServerSocketChannel listen(PrivateFolder folder) throws IOException {
        var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            channel.configureBlocking(false);
            channel.bind(UnixDomainSocketAddress.of(folder.file(FILE)));
            done = true;
            return channel;
        } finally {
            if (!done) {
                channel.close();
            }
        }
    }

    private static int openFile(Path path) throws IOException {
        try (var call = CallState.open()) {
            int flags = OS.O_PATH() | OS.O_CLOEXEC();
            int answer = Fcntl.open(call, NativeText.string(call, path), flags, 0);
            if (answer < 0) {
                throw new SystemCallException("open", Errno.of(answer), path.toString());
            }
            return answer;
        }
    }

    /// Returns how the path ends of what listens in a folder.
    public static byte[] name(PrivateFolder folder) {
        return (folder.name() + "/" + FILE).getBytes(US_ASCII);
    }

    /// Returns the end of the path by which its connections know it.
    ///
    /// Not the whole: what bytes the JDK makes of the names of the folders above is its own affair.
    public byte[] name() {
        return name.clone();
    }

    /// Connects a channel, and hands it over as one that blocks.
    ///
    /// It does not block while it connects: an interrupt would close it, and a full queue hold it.
    public SocketChannel connect() throws IOException {
        var donor = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean done = false;
        try {
            donor.configureBlocking(false);
            if (!donor.connect(address)) {
                throw new IOException("not connected at once to " + address);
            }
            donor.configureBlocking(true);
            done = true;
            return donor;
        } finally {
            if (!done) {
                donor.close();
            }
        }
    }

    /// Closes the other ends of the connections, of a stranger's too.
    public void dropConnections() {
        try {
            SocketChannel dropped = channel.accept();
            while (dropped != null) {
                dropped.close();
                dropped = channel.accept();
            }
        } catch (IOException later) {
            // There is no descriptor to accept with: it stays in the queue until the next time.
        }
    }

    @Override
    public void close() throws IOException {
        if (file != NO_FILE) {
            SocketCalls.closeNow(file);
        }
        channel.close();
    }
}
