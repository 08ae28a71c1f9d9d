package dev.dyad.socket;

import dev.dyad.socket.select.EndpointRegistrations;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An end in a [SocketSelector], with what it is watched for.
///
/// It may be used from any thread. It ends when it is cancelled, when the end is closed, and when the selector is
/// closed; nobody need do more about it.
///
/// {@snippet file="dev/dyad/socket/examples/SelectorExamplesTest.java" region="registration"}
public final class Registration {

    private static final int BITS = Readiness.values().length;

    private final SocketSelector selector;
    private final Endpoint endpoint;
    private final @Nullable Object attachment;
    private final int fd;
    private final EndpointRegistrations.Entry entry = new Listed();

    // -- written under the lock of the end's watchers
    private volatile int interest;
    private volatile boolean valid;
    private long key;

    // -- written by the thread that is in the selector
    private long gathered;
    private volatile long told; // the round in which it was told, above the bits that it was told with

    /// @param fd the end's number, which it has for as long as this is listed among its watchers
    Registration(SocketSelector selector, Endpoint endpoint, int fd, int interest, @Nullable Object attachment) {
        this.selector = selector;
        this.endpoint = endpoint;
        this.fd = fd;
        this.interest = interest;
        this.attachment = attachment;
    }

    /// Returns the end.
    ///
    /// @return what was registered
    public Endpoint endpoint() {
        return endpoint;
    }

    /// Returns where the end is registered.
    ///
    /// @return the selector
    public SocketSelector selector() {
        return selector;
    }

    /// Returns what was registered with the end.
    ///
    /// @return any object, or `null`
    public @Nullable Object attachment() {
        return attachment;
    }

    /// Returns what the end is watched for.
    ///
    /// @return a set of its own, which may be empty
    public Set<Readiness> interest() {
        return setOf(interest);
    }

    /// Watches the end for something else from now on, also in a select that is under way.
    ///
    /// With nothing to watch for, not even the end of the peer is reported.
    ///
    /// @param interest what to watch for
    /// @return this
    /// @throws java.nio.channels.CancelledKeyException if this is not valid any more
    /// @throws SystemCallException if the system refuses, which it may where the end was watched for nothing
    ///     before
    public Registration interest(Set<Readiness> interest) throws IOException {
        endpoint.watchers().change(entry, bits(interest));
        return this;
    }

    /// Returns whether the last select reported that the end can be read: there is something to read, or
    /// nothing more will come.
    ///
    /// @return `false` also if the last select did not report this end
    public boolean isReadable() {
        return wasToldWith(Readiness.READ);
    }

    /// Returns whether the last select reported that the end can be written: there is room, or nobody is left
    /// to read it.
    ///
    /// @return `false` also if the last select did not report this end
    public boolean isWritable() {
        return wasToldWith(Readiness.WRITE);
    }

    /// Takes the end out of the selector, also out of a select that is under way; the second time does nothing.
    ///
    /// The end stays open, and may be registered again.
    public void cancel() {
        endpoint.watchers().remove(entry);
    }

    /// Returns whether the end is in the selector.
    ///
    /// @return `false` after a [#cancel], and after a close of the end or of the selector
    public boolean isValid() {
        return valid;
    }

    static int bits(Set<Readiness> set) {
        int bits = 0;
        for (Readiness readiness : set) {
            bits |= readiness.bit();
        }
        return bits;
    }

    /// Returns this as the end knows it.
    EndpointRegistrations.Entry entry() {
        return entry;
    }

    /// This as the end knows it, which calls under the lock of its watchers.
    private final class Listed implements EndpointRegistrations.Entry {

        @Override
        public Object selector() {
            return selector;
        }

        @Override
        public ClosedChannelException closed() {
            return endpoint.closed();
        }

        /// Enters the selector: its slot first, so that no event finds it empty.
        @Override
        public void begin() throws IOException {
            key = selector.slots().add(Registration.this);
            try {
                valid = true;
                selector.queue().watch(fd, interest, key);
            } catch (Throwable failed) {
                valid = false;
                selector.slots().remove(key);
                throw failed;
            }
        }

        @Override
        public void change(int changed) throws IOException {
            selector.queue().watch(fd, changed, key);
            interest = changed;
        }

        @Override
        public void end() {
            valid = false;
            selector.queue().remove(fd);
            selector.slots().remove(key);
        }
    }

    /// Marks it as seen in this round.
    ///
    /// @return whether it was not before
    boolean gather(long round) {
        boolean first = gathered != round;
        gathered = round;
        return first;
    }

    /// Marks it as told in this round, with what was found of what is still wanted.
    ///
    /// @return whether there is anything to tell
    boolean tell(long round, int found) {
        int bits = found & interest;
        if (bits == 0 || !valid) {
            return false;
        }
        told = round << BITS | bits;
        return true;
    }

    private boolean wasToldWith(Readiness readiness) {
        long last = told;
        return last >>> BITS == selector.round() && (last & readiness.bit()) != 0;
    }

    private static Set<Readiness> setOf(int bits) {
        Set<Readiness> set = EnumSet.noneOf(Readiness.class);
        for (Readiness readiness : Readiness.values()) {
            if ((bits & readiness.bit()) != 0) {
                set.add(readiness);
            }
        }
        return set;
    }
}
