package dev.dyad.socket.option;

import dev.dyad.posix.CallState;
import dev.dyad.posix.SysSocket;
import dev.dyad.socket.Errno;
import dev.dyad.socket.fd.Fd;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.SocketOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The options that a descriptor has, by `getsockopt(2)` and `setsockopt(2)`.
///
/// @param ends the socket
public record FdOptions(Fd ends) implements EndpointOptions {

    @Override
    public <T> void set(SocketOption<T> option, T value) throws IOException {
        OptionTable.Row<T> row = OptionTable.row(option, ends.family(), ends.type());
        OptionTable.requireValue(option, value);
        if (row.readOnly()) {
            throw new UnsupportedOperationException("'" + option + "' is read-only");
        }
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment memory = row.codec().write(call, value);
            int length = (int) memory.byteSize();
            int answer = SysSocket.setsockopt(call, raw, row.level(), row.number(), memory, length);
            if (answer < 0) {
                throw ends.failure("setsockopt", Errno.of(answer));
            }
        } finally {
            ends.fd.release();
        }
    }

    @Override
    public <T> @Nullable T get(SocketOption<T> option) throws IOException {
        OptionTable.Row<T> row = OptionTable.row(option, ends.family(), ends.type());
        int raw = ends.fd.acquire();
        try (var call = CallState.open()) {
            MemorySegment memory = call.allocate(row.codec().size(), Long.BYTES);
            MemorySegment length = call.allocateFrom(ValueLayout.JAVA_INT, (int) memory.byteSize());
            int answer = SysSocket.getsockopt(call, raw, row.level(), row.number(), memory, length);
            if (answer < 0) {
                throw ends.failure("getsockopt", Errno.of(answer));
            }
            return row.codec().read(memory.asSlice(0, length.get(ValueLayout.JAVA_INT, 0)));
        } finally {
            ends.fd.release();
        }
    }

    @Override
    public Set<SocketOption<?>> supported() {
        return OptionTable.of(ends.family(), ends.type());
    }
}
