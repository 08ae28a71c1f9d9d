package dev.dyad.php;

import dev.dyad.php.address.PacketInfo;
import dev.dyad.php.convert.ConversionException;
import dev.dyad.php.convert.ConversionPath;
import dev.dyad.php.convert.Values;
import dev.dyad.php.socket.PhpSocket;
import dev.dyad.posix.CMsgHdr;
import dev.dyad.posix.In6PktInfo;
import dev.dyad.posix.Ucred;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.DescriptorSource;
import dev.dyad.socket.fd.RawSocket;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The control data that can come with a message, by level and type.
enum Ancillary {
    RIGHTS(Sockets.SOL_SOCKET, Sockets.SCM_RIGHTS, 0, Integer.BYTES),
    CREDENTIALS(Sockets.SOL_SOCKET, Sockets.SCM_CREDENTIALS, (int) Ucred.LAYOUT.byteSize(), 0),
    PACKET_INFO(Sockets.IPPROTO_IPV6, Sockets.IPV6_PKTINFO, (int) In6PktInfo.LAYOUT.byteSize(), 0),
    HOP_LIMIT(Sockets.IPPROTO_IPV6, Sockets.IPV6_HOPLIMIT, Integer.BYTES, 0),
    TRAFFIC_CLASS(Sockets.IPPROTO_IPV6, Sockets.IPV6_TCLASS, Integer.BYTES, 0);

    final int level;
    final int type;
    private final int size;
    private final int sizeOfElement;

    Ancillary(int level, int type, int size, int sizeOfElement) {
        this.level = level;
        this.type = type;
        this.size = size;
        this.sizeOfElement = sizeOfElement;
    }

    static @Nullable Ancillary of(int level, int type) {
        for (Ancillary kind : values()) {
            if (kind.level == level && kind.type == type) {
                return kind;
            }
        }
        return null;
    }

    /// Returns how much room it takes with so many elements.
    long space(int elements) {
        return CMsgHdr.space(size + (long) elements * sizeOfElement);
    }

    /// Returns how many bytes the data of an element of `control` take.
    int dataSize(Map<?, ?> map, ConversionPath at) throws ConversionException {
        if (this != RIGHTS) {
            return size;
        }
        if (!map.containsKey("data")) {
            throw at.wrong("cmsghdr should have a 'data' element here");
        }
        Collection<?> list = at.list(map.get("data"));
        if (list.isEmpty()) {
            throw at.wrong("expected at least one element in this array");
        }
        return list.size() * sizeOfElement;
    }

    /// Writes the data of an element of `control`.
    ///
    /// @param lent what has to stay open until the message is sent
    void write(@Nullable Object value, MemorySegment data, ConversionPath at, List<BorrowedFd> lent)
            throws ConversionException {
        switch (this) {
            case RIGHTS -> writeDescriptors(value, data, at, lent);
            case CREDENTIALS -> writeCredentials(value, data, at);
            case PACKET_INFO -> PacketInfo.write(value, data, at);
            case HOP_LIMIT, TRAFFIC_CLASS -> data.set(ValueLayout.JAVA_INT, 0, at.int32(value));
        }
    }

    private static void writeCredentials(@Nullable Object value, MemorySegment data, ConversionPath at)
            throws ConversionException {
        Map<?, ?> map = at.map(value);
        int pid = at.in("pid").bounded(at.required(map, "pid"), Integer.MAX_VALUE, "a pid_t value");
        int uid = at.in("uid").bounded(at.required(map, "uid"), Values.MOST_UNSIGNED, "a uid_t value");
        int gid = at.in("gid").bounded(at.required(map, "gid"), Values.MOST_UNSIGNED, "a uid_t value");
        Ucred.set(data, pid, uid, gid);
    }

    private static void writeDescriptors(
            @Nullable Object value, MemorySegment data, ConversionPath at, List<BorrowedFd> lent)
            throws ConversionException {
        int index = 0;
        for (Object element : at.list(value)) {
            ConversionPath here = at.in("element #" + (index + 1));
            BorrowedFd borrowed = borrow(element, here);
            lent.add(borrowed);
            data.setAtIndex(ValueLayout.JAVA_INT, index++, borrowed.fd());
        }
    }

    private static BorrowedFd borrow(@Nullable Object element, ConversionPath at) throws ConversionException {
        DescriptorSource source = switch (element) {
            case Socket socket -> socket.php.system(at.function());
            case DescriptorSource other -> other;
            case null, default -> throw at.wrong("expected a Socket object or a stream resource");
        };
        try {
            return source.borrow();
        } catch (IOException closed) {
            throw at.wrong("cast stream to file descriptor failed");
        }
    }

    /// Returns what came.
    ///
    /// @param taken gets an action for each descriptor that came, which closes it
    Object read(MemorySegment data, ConversionPath at, List<Runnable> taken) throws ConversionException {
        if (data.byteSize() < size) {
            throw at.unreadable("the cmsghdr structure is unexpectedly small; expected a length of at least "
                    + CMsgHdr.length(size) + ", but got " + CMsgHdr.length(data.byteSize()));
        }
        return switch (this) {
            case RIGHTS -> readDescriptors(data, taken);
            case CREDENTIALS -> readCredentials(data);
            case PACKET_INFO -> PacketInfo.read(data);
            case HOP_LIMIT, TRAFFIC_CLASS -> data.get(ValueLayout.JAVA_INT, 0);
        };
    }

    private static Map<String, Object> readCredentials(MemorySegment data) {
        Object uid = Values.unsigned(Ucred.uid(data));
        Object gid = Values.unsigned(Ucred.gid(data));
        return Values.map("pid", Ucred.pid(data), "uid", uid, "gid", gid);
    }

    private static List<Object> readDescriptors(MemorySegment data, List<Runnable> taken) {
        var list = new ArrayList<Object>();
        for (long i = 0; i < data.byteSize() / Integer.BYTES; i++) {
            list.add(received(data.getAtIndex(ValueLayout.JAVA_INT, i), taken));
        }
        return list;
    }

    /// A socket comes as one, everything else as a [Descriptor].
    private static Object received(int fd, List<Runnable> taken) {
        try {
            var socket = new Socket(new PhpSocket(RawSocket.adopt(fd)));
            taken.add(socket::close);
            return socket;
        } catch (IOException noSocket) {
            Descriptor other = other(fd);
            taken.add(other::close);
            return other;
        }
    }

    private static Descriptor other(int fd) {
        try {
            return Descriptor.adopt(fd);
        } catch (IOException e) {
            throw new AssertionError("the kernel gave a descriptor that is none", e);
        }
    }
}
