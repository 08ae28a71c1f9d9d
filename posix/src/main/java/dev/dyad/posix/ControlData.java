package dev.dyad.posix;

import static dev.dyad.posix.Linking.C_INT;

import java.lang.foreign.MemorySegment;

/// The control data of a message that was received.
///
/// Descriptors in them are open from the receive on, whether or not somebody reads them. So all control data are
/// read here, once for each receive, and what their reader does not take is closed.
public final class ControlData {

    private static final Platform OS = Platforms.current();

    private ControlData() {}

    /// What control data are read by.
    @FunctionalInterface
    public interface Reader {

        /// Reads the data of one control message.
        ///
        /// @param data as much of them as there is
        /// @return whether it has become the owner of the descriptors among them
        boolean read(int level, int type, MemorySegment data);
    }

    /// Reads what came with the message of `header`, and closes the descriptors that `reader` does not take.
    ///
    /// Where `reader` throws, those of all that follow are closed; of this one it may own some.
    public static void read(MemorySegment header, MemorySegment control, Reader reader) {
        long length = MsgHdr.controlLength(header);
        read(control, length, CMsgHdr.first(length), reader);
    }

    private static void read(MemorySegment control, long length, long first, Reader reader) {
        for (long at = first; at >= 0; at = CMsgHdr.next(control, length, at)) {
            int level = CMsgHdr.level(control, at);
            int type = CMsgHdr.type(control, at);
            MemorySegment data = CMsgHdr.data(control, length, at);
            boolean returned = false;
            try {
                if (!reader.read(level, type, data) && carriesDescriptors(level, type)) {
                    close(data);
                }
                returned = true;
            } finally {
                if (!returned) {
                    read(control, length, CMsgHdr.next(control, length, at), (_, _, _) -> false);
                }
            }
        }
    }

    /// The two kinds that bring descriptors. A pidfd is one that the receiver never asked for where another owner
    /// of the socket did.
    private static boolean carriesDescriptors(int level, int type) {
        return level == OS.SOL_SOCKET() && (type == OS.SCM_RIGHTS() || type == OS.SCM_PIDFD());
    }

    private static void close(MemorySegment data) {
        try (var call = CallState.open()) {
            for (long at = 0; at + C_INT.byteSize() <= data.byteSize(); at += C_INT.byteSize()) {
                int fd = data.get(C_INT, at);
                if (fd >= 0) { // or there is none, and it is why
                    int _ = Unistd.close(call, fd);
                }
            }
        }
    }
}
