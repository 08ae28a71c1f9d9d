package dev.dyad.php;

import dev.dyad.php.address.MessageAddress;
import dev.dyad.php.convert.ConversionException;
import dev.dyad.php.convert.ConversionPath;
import dev.dyad.php.convert.Values;
import dev.dyad.php.error.Arguments;
import dev.dyad.php.error.Errors;
import dev.dyad.php.socket.SendCall;
import dev.dyad.posix.CMsgHdr;
import dev.dyad.posix.ControlData;
import dev.dyad.posix.IoVec;
import dev.dyad.posix.MsgHdr;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stdlib;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.BorrowedFd;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages with their addresses and control data, from arrays and to arrays.
final class Messages {

    private static final Platform OS = Platforms.current();
    private static final String SEND = "socket_sendmsg";
    private static final String RECEIVE = "socket_recvmsg";
    private static final String FAILED = "Error in recvmsg";
    private static final String SPACE = "socket_cmsg_space";
    private static final int BUFFER = 8192;
    private static final int LARGEST_BUFFER = 100 * 1024 * 1024;

    private Messages() {}

    static int space(int level, int type, int num) {
        Arguments.requireNotNegative(num, "num", SPACE);
        Ancillary kind = Ancillary.of(level, type);
        if (kind == null) {
            throw new ValueError("Pair level " + level + " and/or type " + type + " is not supported");
        }
        long space = kind.space(num);
        if (space != (int) space) {
            throw Arguments.valueError(SPACE, 3, "num", "is too large");
        }
        return (int) space;
    }

    static int send(Socket socket, Map<String, ?> message, int flags) {
        requireArguments(socket, message, SEND);
        List<BorrowedFd> lent = new ArrayList<>();
        try (var arena = Arena.ofConfined()) {
            var place = new ConversionPath(socket.php, SEND, "msghdr");
            MemorySegment name = message.containsKey("name")
                    ? MessageAddress.write(message.get("name"), place.in("name"), arena)
                    : MemorySegment.NULL;
            byte[] bytes = bytes(message, place);
            MemorySegment control = control(message, place, arena, lent);
            try (var call = new SendCall(bytes, flags, name, control, arena)) {
                return Errors.result(socket.php, SEND, "Error in sendmsg", call.by(socket.php, SEND));
            }
        } catch (ConversionException e) {
            Errors.warn(SEND, String.valueOf(e.getMessage()));
            return -1;
        } finally {
            lent.forEach(BorrowedFd::close);
        }
    }

    private static byte[] bytes(Map<String, ?> message, ConversionPath at) throws ConversionException {
        var all = new ByteArrayOutputStream();
        if (message.containsKey("iov")) {
            for (Object part : at.in("iov").list(message.get("iov"))) {
                all.writeBytes(Values.bytes(part));
            }
        }
        return all.toByteArray();
    }

    private static MemorySegment control(Map<String, ?> message, ConversionPath at, Arena arena, List<BorrowedFd> lent)
            throws ConversionException {
        if (!message.containsKey("control")) {
            return MemorySegment.NULL;
        }
        Collection<?> elements = at.in("control").list(message.get("control"));
        var all = new ByteArrayOutputStream();
        int count = 0;
        for (Object element : elements) {
            MemorySegment part = element(element, at.in("control").in("element #" + count++), arena, lent);
            all.writeBytes(part.toArray(ValueLayout.JAVA_BYTE));
        }
        return elements.isEmpty()
                ? MemorySegment.NULL
                : arena.allocate(all.size(), Long.BYTES).copyFrom(MemorySegment.ofArray(all.toByteArray()));
    }

    private static MemorySegment element(
            @Nullable Object element, ConversionPath at, Arena arena, List<BorrowedFd> lent)
            throws ConversionException {
        Map<?, ?> map = at.map(element);
        int level = at.in("level").int32(at.required(map, "level"));
        int type = at.in("type").int32(at.required(map, "type"));
        Ancillary kind = Ancillary.of(level, type);
        if (kind == null) {
            throw at.wrong("cmsghdr with level " + level + " and type " + type + " not supported");
        }
        int size = kind.dataSize(map, at);
        MemorySegment part = arena.allocate(CMsgHdr.space(size), Long.BYTES);
        CMsgHdr.set(part, 0, level, type, size);
        if (map.containsKey("data")) {
            MemorySegment data = part.asSlice(CMsgHdr.dataOffset(), size);
            kind.write(map.get("data"), data, at.in("data"), lent);
        }
        return part;
    }

    static int receive(Socket socket, Map<String, Object> message, int flags) {
        requireArguments(socket, message, RECEIVE);
        try (var arena = Arena.ofConfined()) {
            var place = new ConversionPath(socket.php, RECEIVE, "msghdr");
            MemorySegment name = message.containsKey("name")
                    ? MessageAddress.room(message.get("name"), place.in("name"), arena)
                    : MemorySegment.NULL;
            int size = bufferSize(message, place);
            long controlSize = controlSize(message, place);
            MemorySegment bytes = Stdlib.malloc(size); // a program may say 100 MB and mean "enough"
            MemorySegment control = Stdlib.malloc(controlSize);
            try {
                if (bytes.byteSize() < size || control.byteSize() < controlSize) {
                    return Errors.noteLoudly(RECEIVE, FAILED, -OS.errno("ENOMEM"));
                }
                var parts = new Parts(arena.allocate(MsgHdr.LAYOUT), name, bytes, control);
                return receive(socket, message, flags, parts, arena.allocate(IoVec.LAYOUT));
            } finally {
                Stdlib.free(bytes);
                Stdlib.free(control);
            }
        } catch (ConversionException e) {
            Errors.warn(RECEIVE, String.valueOf(e.getMessage()));
            return -1;
        }
    }

    /// What a message is received into.
    private record Parts(MemorySegment header, MemorySegment name, MemorySegment bytes, MemorySegment control) {}

    private static int receive(
            Socket socket, Map<String, Object> message, int flags, Parts parts, MemorySegment vector) {
        MemorySegment header = parts.header;
        IoVec.set(vector, 0, parts.bytes);
        int closing = socket.php.domain() == OS.AF_UNIX() ? OS.MSG_CMSG_CLOEXEC() : 0; // others may refuse it
        int how = flags | OS.MSG_DONTWAIT() | closing;
        long answer = socket.php.receiving(RECEIVE, flags, (state, fd, room) -> {
            MsgHdr.set(header, vector, 1);
            MsgHdr.setControl(header, parts.control, parts.control.byteSize());
            MsgHdr.setName(header, parts.name, (int) parts.name.byteSize());
            long came = SysSocket.recvmsg(state, fd, header, how);
            if (came < 0) {
                MsgHdr.set(header, vector, 0); // if that turns out to be the end, nothing came with it
            }
            return came;
        });
        if (answer < 0) {
            return Errors.noteLoudly(RECEIVE, FAILED, answer);
        }
        tell(socket, message, parts, answer, closing & ~flags);
        return (int) answer;
    }

    /// Replaces the array by what came; what cannot be told leaves nothing, and a warning.
    @SuppressWarnings("NullAway") // PHP's null is one of the values
    private static void tell(Socket socket, Map<String, Object> message, Parts parts, long received, int unasked) {
        var place = new ConversionPath(socket.php, RECEIVE, "msghdr");
        var told = new LinkedHashMap<String, Object>();
        List<Runnable> taken = new ArrayList<>();
        try {
            told.put("name", parts.name.byteSize() == 0 ? null : MessageAddress.read(parts.name, place.in("name")));
            told.put("control", read(parts, place.in("control"), taken));
            MemorySegment bytes = parts.bytes.asSlice(0, Math.min(received, parts.bytes.byteSize()));
            told.put("iov", received == 0 ? List.of() : List.of(bytes.toArray(ValueLayout.JAVA_BYTE)));
            told.put("flags", MsgHdr.flags(parts.header) & ~unasked);
        } catch (ConversionException e) {
            taken.forEach(Runnable::run);
            told.clear();
            Errors.warn(RECEIVE, String.valueOf(e.getMessage()));
        }
        message.clear();
        message.putAll(told);
    }

    /// Reads the control data to their end, also where one of them cannot be told: none is left open.
    private static List<Map<String, Object>> read(Parts parts, ConversionPath at, List<Runnable> taken)
            throws ConversionException {
        var elements = new ArrayList<Map<String, Object>>();
        var failures = new ArrayList<ConversionException>();
        ControlData.read(parts.header, parts.control, (level, type, data) -> {
            ConversionPath here = at.in("element #" + (elements.size() + 1));
            try {
                elements.add(element(level, type, data, here, taken));
                return true;
            } catch (ConversionException e) {
                failures.add(e);
                elements.add(Map.of());
                return false;
            }
        });
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
        return elements;
    }

    private static Map<String, Object> element(
            int level, int type, MemorySegment data, ConversionPath at, List<Runnable> taken)
            throws ConversionException {
        Ancillary kind = Ancillary.of(level, type);
        if (kind == null) {
            throw at.in("data").unreadable("cmsghdr with level " + level + " and type " + type + " not supported");
        }
        return Values.map("level", level, "type", type, "data", kind.read(data, at.in("data"), taken));
    }

    private static int bufferSize(Map<String, Object> message, ConversionPath at) throws ConversionException {
        if (!message.containsKey("buffer_size")) {
            return BUFFER;
        }
        ConversionPath here = at.in("buffer_size");
        long size = here.integer(message.get("buffer_size"));
        if (size < 0 || size > LARGEST_BUFFER) {
            throw here.wrong("the buffer size must be between 1 and " + LARGEST_BUFFER + "; given " + size);
        }
        return (int) size;
    }

    private static long controlSize(Map<String, Object> message, ConversionPath at) throws ConversionException {
        Object given = at.required(message, "controllen");
        ConversionPath here = at.in("controllen");
        long size = Integer.toUnsignedLong(here.unsigned32(given));
        if (size == 0) {
            throw here.wrong("controllen cannot be 0");
        }
        return size;
    }

    private static void requireArguments(Socket socket, Object message, String function) {
        Arguments.requireSocketAnd(message, "message", "array", Socket.php(socket), function);
        var _ = socket.php.system(function);
    }
}
