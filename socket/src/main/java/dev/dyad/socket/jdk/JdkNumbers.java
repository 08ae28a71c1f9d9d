package dev.dyad.socket.jdk;

import java.io.FileDescriptor;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.InaccessibleObjectException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.util.Map;

/// The numbers of the JDK's open files and channels, which it keeps in private fields.
///
/// It shows them where the JVM was started with `--add-opens` for the packages of those fields. The three
/// standard streams have numbers that everybody knows.
public final class JdkNumbers {

    private static final String CHANNELS = "sun.nio.ch";
    private static final String FILES = "java.io";
    private static final Map<FileDescriptor, Integer> STANDARD =
            Map.of(FileDescriptor.in, 0, FileDescriptor.out, 1, FileDescriptor.err, 2); // by identity: it has no equals

    private JdkNumbers() {}

    /// Returns the number of an open file, which another thread may close meanwhile.
    ///
    /// @throws ClosedChannelException if it is closed
    /// @throws UnsupportedOperationException if the JDK does not show it
    public static int of(FileDescriptor file) throws ClosedChannelException {
        if (!file.valid()) {
            throw new ClosedChannelException();
        }
        Integer standard = STANDARD.get(file);
        if (standard != null) {
            return standard;
        }
        int number = (int) read(FileDescriptor.class, "fd", file);
        if (number < 0) {
            throw new ClosedChannelException();
        }
        return number;
    }

    /// Returns the number of a channel, which another thread may close meanwhile.
    ///
    /// @throws ClosedChannelException if it is closed
    /// @throws UnsupportedOperationException if the JDK does not show it, or it is no channel of a kind that has
    ///     one
    public static int of(Channel channel) throws ClosedChannelException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        Class<?> selectable = inJdk("SelChImpl");
        if (selectable.isInstance(channel)) {
            return (int) call(selectable, "getFDVal", channel);
        }
        Class<?> file = inJdk("FileChannelImpl");
        if (file.isInstance(channel)) {
            return of((FileDescriptor) read(file, "fd", channel));
        }
        throw new UnsupportedOperationException(
                channel.getClass().getName() + " is no channel of the JDK that has a descriptor");
    }

    private static Class<?> inJdk(String name) {
        try {
            return Class.forName(CHANNELS + "." + name, false, null);
        } catch (ClassNotFoundException otherJdk) {
            throw unknown(otherJdk);
        }
    }

    private static Object read(Class<?> type, String name, Object target) {
        try {
            var field = type.getDeclaredField(name);
            open(field, type);
            return field.get(target);
        } catch (ReflectiveOperationException otherJdk) {
            throw unknown(otherJdk);
        }
    }

    private static Object call(Class<?> type, String name, Object target) {
        try {
            var method = type.getMethod(name);
            open(method, type);
            return method.invoke(target);
        } catch (ReflectiveOperationException otherJdk) {
            throw unknown(otherJdk);
        }
    }

    private static void open(AccessibleObject member, Class<?> type) {
        try {
            member.setAccessible(true);
        } catch (InaccessibleObjectException closed) {
            throw new UnsupportedOperationException(
                    "the JDK shows the number of a " + type.getName() + " to a JVM that is started with " + flags(type)
                            + "; without, open it as a Descriptor, a StreamSocket or a Listener first, of which there"
                            + " are duplicates and channels",
                    closed);
        }
    }

    /// A file channel has its number in a file.
    private static String flags(Class<?> type) {
        String own = flag(type.getPackageName());
        return FileChannel.class.isAssignableFrom(type) ? own + " and " + flag(FILES) : own;
    }

    private static String flag(String folder) {
        Module mine = JdkNumbers.class.getModule();
        return "--add-opens=java.base/" + folder + "=" + (mine.isNamed() ? mine.getName() : "ALL-UNNAMED");
    }

    private static UnsupportedOperationException unknown(ReflectiveOperationException otherJdk) {
        return new UnsupportedOperationException(
                "a channel of this JDK has no field for its descriptor's number where it is looked for: begin with a"
                        + " socket or descriptor of this library, and turn that into a channel",
                otherJdk);
    }
}
