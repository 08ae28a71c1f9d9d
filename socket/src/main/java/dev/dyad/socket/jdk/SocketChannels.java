package dev.dyad.socket.jdk;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.SocketCalls;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Makes a channel of the JDK over a UNIX socket of ours, for which the JDK has no public way.
///
/// A channel that the JDK has connected itself, the donor, is given our socket in the place of its own:
/// `dup3` over its number. What is relied on: of a connected socket the JDK keeps its number, whether it
/// blocks, and the addresses that it prints. `AdoptedChannelContract` notices when that is no longer so.
///
/// One at a time, so that only the donor is connected to the listener. It is ours and open: once its number
/// is found, no other thread can change what it stands for.
public final class SocketChannels {

    private static final Platform OS = Platforms.current();

    /// How many descriptors the JDK may need at once when its sockets are first used.
    static final int ROOM = 16;

    private static final ReentrantLock LOCK = new ReentrantLock();

    private static @Nullable DonorListener kept; // guarded by LOCK

    private SocketChannels() {}

    /// Returns a channel with a descriptor of its own for the socket `raw`, which stays open.
    public static SocketChannel channelOver(int raw) throws IOException {
        LOCK.lock();
        try (var call = CallState.open()) {
            return channelOver(raw, call, new DonorSearch(call));
        } finally {
            LOCK.unlock();
        }
    }

    private static SocketChannel channelOver(int raw, CallState state, DonorSearch search) throws IOException {
        DonorListener listener = kept;
        if (listener == null) {
            return channelOverByNew(raw, state, search);
        }
        try {
            return channelOver(raw, listener, state, search);
        } catch (IOException stale) { // its queue may be full of strangers, or a cleaner took its file
            requireRoom(state, raw); // or not even that
            kept = null;
            listener.close();
            return channelOverByNew(raw, state, search);
        }
    }

    private static SocketChannel channelOverByNew(int raw, CallState state, DonorSearch search) throws IOException {
        requireRoom(state, raw);
        DonorListener listener = DonorListener.open();
        boolean done = false;
        try {
            SocketChannel channel = channelOver(raw, listener, state, search);
            kept = listener;
            done = true;
            return channel;
        } finally {
            if (!done) {
                listener.close();
            }
        }
    }

    /// The JDK reads files when its UNIX sockets are first used. Where it can open none then, it gives up on
    /// them, and on all that has to do with security, for the rest of the process.
    static void requireRoom(CallState state, int raw) throws IOException {
        var room = new ArrayList<Integer>();
        try {
            while (room.size() < ROOM) {
                room.add(checked("fcntl", Fcntl.fcntl(state, raw, OS.F_DUPFD_CLOEXEC(), 0)));
            }
        } finally {
            room.forEach(SocketCalls::closeNow);
        }
    }

    private static SocketChannel channelOver(int raw, DonorListener listener, CallState state, DonorSearch search)
            throws IOException {
        int guess = lowestFree(state, raw);
        SocketChannel donor = listener.connect();
        boolean done = false;
        try {
            takeOver(state, raw, search.findConnected(listener.name(), guess));
            done = true;
            return donor;
        } finally {
            listener.dropConnections();
            if (!done) {
                donor.close();
            }
        }
    }

    /// The next socket to be opened gets the lowest number, unless another thread is faster.
    static int lowestFree(CallState state, int raw) {
        int answer = Fcntl.fcntl(state, raw, OS.F_DUPFD_CLOEXEC(), 0);
        if (answer >= 0) {
            SocketCalls.closeNow(answer);
        }
        return answer;
    }

    /// Puts the socket `raw` in the place of the donor's `number`.
    ///
    /// Our socket then blocks or not, as the JDK believes of the donor. A virtual thread has made that
    /// non-blocking for good; with a socket that blocks, its reads would hold the carrier.
    static void takeOver(CallState state, int raw, int number) throws IOException {
        int believed = checked("fcntl", Fcntl.fcntl(state, number, OS.F_GETFL(), 0));
        int found = checked("fcntl", Fcntl.fcntl(state, raw, OS.F_GETFL(), 0));
        SocketCalls.replace(state, raw, number);
        if (((believed ^ found) & OS.O_NONBLOCK()) != 0) {
            checked("fcntl", Fcntl.fcntl(state, number, OS.F_SETFL(), found ^ OS.O_NONBLOCK()));
        }
    }

    private static int checked(String call, int answer) throws IOException {
        if (answer < 0) {
            throw new SystemCallException(call, Errno.of(answer));
        }
        return answer;
    }
}
