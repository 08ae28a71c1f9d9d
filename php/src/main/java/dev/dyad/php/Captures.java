package dev.dyad.php;

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
final class Captures {

    private Captures() {}

    /// Writes the values.
    ///
    /// @param sockets those that the child inherits, to which those are added that are found among the values
    static byte[] write(List<@Nullable Object> values, List<Socket> sockets) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new Writer(bytes, sockets)) {
            out.writeObject(values.toArray());
        }
        return bytes.toByteArray();
    }

    /// Reads what [#write] wrote.
    ///
    /// @param sockets the sockets that were inherited
    /// @param loader what finds the classes
    static @Nullable Object[] read(byte[] bytes, List<Socket> sockets, @Nullable ClassLoader loader)
            throws IOException, ClassNotFoundException {
        try (var in = new Reader(bytes, sockets, loader)) {
            return (@Nullable Object[]) in.readObject();
        }
    }

    private record Place(int index) implements Serializable {}

    private static final class Writer extends ObjectOutputStream {

        private final List<Socket> sockets;

        Writer(OutputStream out, List<Socket> sockets) throws IOException {
            super(out);
            this.sockets = sockets;
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            if (!(object instanceof Socket socket)) {
                return object;
            }
            if (!sockets.contains(socket)) {
                sockets.add(socket);
            }
            return new Place(sockets.indexOf(socket));
        }
    }

    private static final class Reader extends ObjectInputStream {

        private final List<Socket> sockets;
        private final @Nullable ClassLoader loader;

        Reader(byte[] bytes, List<Socket> sockets, @Nullable ClassLoader loader) throws IOException {
            super(new ByteArrayInputStream(bytes));
            this.sockets = sockets;
            this.loader = loader;
            enableResolveObject(true);
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass written) throws IOException, ClassNotFoundException {
            if (written.getName().equals(Place.class.getName())) {
                return Place.class;
            }
            try {
                return Class.forName(written.getName(), false, loader);
            } catch (ClassNotFoundException e) {
                return super.resolveClass(written); // a primitive type
            }
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Place place ? sockets.get(place.index()) : object;
        }
    }
}
