package dev.dyad.socket.transfer;

import dev.dyad.posix.CMsgHdr;
import dev.dyad.posix.ControlData;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Ucred;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Credentials;
import dev.dyad.socket.fd.PeerInfo;
import dev.dyad.socket.fd.SocketCalls;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The control data of one message: what comes with its bytes.
///
/// @param <D> what owns a descriptor that came
/// @param descriptors those that came, each with its owner; the list may be changed
/// @param descriptorsLost whether more were sent
/// @param credentials who sent it, where that was asked for
/// @param timestamp whether the kernel said when it came, which it says of every message and of no end
public record AncillaryData<D>(
        List<D> descriptors,
        boolean descriptorsLost,
        @Nullable Credentials credentials,
        boolean timestamp) {

    /// How many descriptors one message carries: `SCM_MAX_FD` of the kernel.
    static final int MOST_DESCRIPTORS = 253;

    private static final Platform OS = Platforms.current();
    private static final long INT = ValueLayout.JAVA_INT.byteSize();
    private static final long TIMESTAMP = 16;
    private static final long TIMESTAMPS = 48; // `struct scm_timestamping`
    private static final long LABEL = 256; // of a security module, which is seldom as long

    /// How many bytes any message's control data take.
    static final long MOST = room(MOST_DESCRIPTORS);

    /// Returns how many bytes a message takes that brings so many descriptors.
    ///
    /// The socket may be shared, and another owner have asked for more than we read. What the kernel puts before
    /// the descriptors, which are times, credentials and a label, has room of its own, so that it does not take
    /// theirs; a pidfd comes after them.
    static long room(int descriptors) {
        long others = CMsgHdr.space(TIMESTAMP)
                + CMsgHdr.space(TIMESTAMPS)
                + CMsgHdr.space(Ucred.LAYOUT.byteSize())
                + CMsgHdr.space(INT);
        return descriptors == 0 ? others : others + CMsgHdr.space(LABEL) + CMsgHdr.space(descriptors * INT);
    }

    /// Writes the descriptors that a message is to carry.
    ///
    /// @return how many bytes they took
    static long put(MemorySegment control, List<BorrowedFd> descriptors) {
        CMsgHdr.set(control, 0, OS.SOL_SOCKET(), OS.SCM_RIGHTS(), descriptors.size() * INT);
        long data = CMsgHdr.dataOffset();
        for (int i = 0; i < descriptors.size(); i++) {
            control.set(ValueLayout.JAVA_INT, data + i * INT, descriptors.get(i).fd());
        }
        return CMsgHdr.space(descriptors.size() * INT);
    }

    /// Reads what came, and has an owner made of each of its descriptors; those beyond `asked` are closed.
    static <D> AncillaryData<D> take(MemorySegment header, MemorySegment control, int asked, IntFunction<D> owner) {
        var parsed = new Parsed<D>(asked, owner);
        ControlData.read(header, control, parsed);
        boolean truncated = (MsgHdr.flags(header) & OS.MSG_CTRUNC()) != 0;
        return new AncillaryData<>(
                parsed.descriptors, parsed.surplus || truncated, parsed.credentials, parsed.timestamp);
    }

    /// Returns what is known where there was no room for control data: that there were some, as the time of a
    /// packet.
    public static <D> AncillaryData<D> unread(MemorySegment header) {
        boolean some = (MsgHdr.flags(header) & OS.MSG_CTRUNC()) != 0;
        return new AncillaryData<>(List.of(), false, null, some);
    }

    private static final class Parsed<D> implements ControlData.Reader {
        final List<D> descriptors = new ArrayList<>(0);
        final int asked;
        final IntFunction<D> owner;
        boolean surplus;

        @Nullable
        Credentials credentials;

        boolean timestamp;

        Parsed(int asked, IntFunction<D> owner) {
            this.asked = asked;
            this.owner = owner;
        }

        @Override
        public boolean read(int level, int type, MemorySegment data) {
            if (level != OS.SOL_SOCKET()) {
                return false;
            }
            if (type == OS.SCM_RIGHTS()) {
                addDescriptors(data);
                return true;
            }
            if (type == OS.SCM_CREDENTIALS()) {
                credentials = PeerInfo.credentials(data);
            } else if (type == OS.SCM_TIMESTAMP()) {
                timestamp = true;
            }
            return false;
        }

        private void addDescriptors(MemorySegment data) {
            for (long at = 0; at + INT <= data.byteSize(); at += INT) {
                int number = data.get(ValueLayout.JAVA_INT, at);
                if (descriptors.size() < asked) {
                    descriptors.add(owner.apply(number));
                } else {
                    surplus = true;
                    SocketCalls.closeNow(number);
                }
            }
        }
    }
}
