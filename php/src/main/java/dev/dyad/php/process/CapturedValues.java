package dev.dyad.php.process;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a lambda captured, on its way to a child: values as Java serializes them, and of a socket its place among
/// those that the child inherits.
public final class CapturedValues {

    private CapturedValues() {}

    /// Writes the values.
    ///
    /// @param type of a socket
    /// @param sockets those that the child inherits, to which those are added that are found among the values
    public static <S> byte[] write(List<@Nullable Object> values, Class<S> type, List<S> sockets) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new Writer<>(bytes, type, sockets)) {
            out.writeObject(values.toArray());
        }
        return bytes.toByteArray();
    }

    /// Reads what [#write] wrote.
    ///
    /// @param sockets the sockets that were inherited
    /// @param loader what finds the classes
    public static @Nullable Object[] read(byte[] bytes, List<?> sockets, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        try (var in = new Reader(bytes, sockets, loader)) {
            return (@Nullable Object[]) in.readObject();
        }
    }

    private record Index(int index) implements Serializable {}

    private static final class Writer<S> extends ObjectOutputStream {

        private final Class<S> type;
        private final List<S> sockets;

        Writer(OutputStream out, Class<S> type, List<S> sockets) throws IOException {
            super(out);
            this.type = type;
            this.sockets = sockets;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (!type.isInstance(object)) {
                return object;
            }
            S socket = type.cast(object);
            if (!sockets.contains(socket)) {
                sockets.add(socket);
            }
            return new Index(sockets.indexOf(socket));
        }
    }

    private static final class Reader extends ObjectInputStream {

        private final List<?> sockets;
        private final @Nullable ClassLoader loader;

        Reader(byte[] bytes, List<?> sockets, @Nullable ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.sockets = sockets;
            this.loader = loader;
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass written) throws IOException, ClassNotFoundException {
            if (written.getName().equals(Index.class.getName())) {
                return Index.class;
            }
            try {
                return Class.forName(written.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(written); // a primitive type
            }
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Index at ? sockets.get(at.index()) : object;
        }
    }
}
