package dev.dyad.socket;

import dev.dyad.posix.NativeText;
import java.io.Serial;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/// The address of a UNIX socket: a path in the file system, an abstract name, or none.
///
/// Immutable and free to be shared. A name is a sequence of bytes, and need not be text in any encoding.
///
/// {@snippet file="dev/dyad/socket/examples/ListenerExamplesTest.java" region="unix-address"}
///
/// @see <a href="https://man7.org/linux/man-pages/man7/unix.7.html">unix(7)</a>
public final class UnixAddress extends SocketAddress {

    /// How many bytes a path may have, and an abstract name with the zero byte before it.
    public static final int CAPACITY = 108;

    @Serial
    private static final long serialVersionUID = 1;

    private static final UnixAddress UNNAMED = new UnixAddress(new byte[0]);

    /// What `sun_path` holds: nothing, or a zero byte and an abstract name, or a path.
    private final byte[] name;

    private UnixAddress(byte[] name) {
        this.name = name;
    }

    /// Returns the address of a path.
    ///
    /// @param path at most [#CAPACITY] bytes, which are taken as they are, whether they are text in the
    ///     locale or not
    /// @return the address
    /// @throws IllegalArgumentException if it is empty or too long, or in another file system than the
    ///     system's own
    public static UnixAddress of(Path path) {
        return ofPath(NativeText.bytes(path));
    }

    /// Returns the address of a path whose bytes are known.
    ///
    /// @param path 1 to [#CAPACITY] bytes, none of them zero
    /// @return the address
    /// @throws IllegalArgumentException if it is empty, too long, or has a zero byte
    public static UnixAddress ofPath(byte[] path) {
        if (path.length == 0) {
            throw new IllegalArgumentException("an empty path");
        }
        for (byte each : path) {
            if (each == 0) {
                throw new IllegalArgumentException("a path with a zero byte");
            }
        }
        return new UnixAddress(fitting(path.clone()));
    }

    /// Returns the address of an abstract name, which is in no file system and is gone with its socket.
    ///
    /// Anybody in the same network namespace can connect to it.
    ///
    /// @param name the name without the zero byte before it, in UTF-8
    /// @return the address
    /// @throws IllegalArgumentException if it is too long
    public static UnixAddress ofAbstract(String name) {
        return ofAbstract(name.getBytes(StandardCharsets.UTF_8));
    }

    /// Returns the address of an abstract name whose bytes are known.
    ///
    /// @param name less than [#CAPACITY] bytes of any value, without the zero byte before them
    /// @return the address
    /// @throws IllegalArgumentException if it is too long
    public static UnixAddress ofAbstract(byte[] name) {
        var whole = new byte[name.length + 1];
        System.arraycopy(name, 0, whole, 1, name.length);
        return new UnixAddress(fitting(whole));
    }

    /// Returns the address of a socket that has none, such as both ends of a pair.
    ///
    /// Binding to it gives a socket an abstract name that the kernel chooses.
    ///
    /// @return the address
    public static UnixAddress unnamed() {
        return UNNAMED;
    }

    /// Returns whether there is no name.
    ///
    /// @return whether this is [#unnamed]
    public boolean isUnnamed() {
        return name.length == 0;
    }

    /// Returns whether the name is an abstract one.
    ///
    /// @return whether it is in no file system
    public boolean isAbstract() {
        return name.length > 0 && name[0] == 0;
    }

    /// Returns the path.
    ///
    /// @return the path, as it was bound, which may be relative to the working folder of the process that bound it
    /// @throws IllegalStateException if the address is not a path
    public Path path() {
        if (isUnnamed() || isAbstract()) {
            throw new IllegalStateException("not a path: " + this);
        }
        return NativeText.path(name);
    }

    /// Returns the bytes of the path or of the abstract name, the latter without the zero byte before it.
    ///
    /// @return a copy, empty if there is no name
    public byte[] bytes() {
        return isAbstract() ? Arrays.copyOfRange(name, 1, name.length) : name.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnixAddress that && Arrays.equals(name, that.name);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }

    /// Returns the path, the abstract name behind an `@`, or nothing.
    @Override
    public String toString() {
        return (isAbstract() ? "@" : "") + new String(bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] fitting(byte[] name) {
        if (name.length > CAPACITY) {
            throw new IllegalArgumentException(
                    "the name of a UNIX socket takes " + CAPACITY + " bytes, and this has " + name.length);
        }
        return name;
    }
}
