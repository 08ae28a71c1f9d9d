package dev.dyad.process.java;

import dev.dyad.posix.Platforms;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// The options that this JVM was started with, wherever they came from.
///
/// A class of the JDK's knows them, and opens a library when it is first used. Where there is no descriptor left for
/// that, the class is lost for the life of the JVM, so that one looks first.
public final class InputArguments {

    private static final int ROOM = 16;

    private static volatile boolean opened; // the library

    private InputArguments() {}

    /// Returns them.
    ///
    /// @throws UncheckedIOException if there is no room for the library; later there may be
    public static List<String> all() {
        if (!opened && Platforms.current().whyNotNative() == null) {
            requireRoom();
        }
        List<String> arguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
        opened = true;
        return arguments;
    }

    private static void requireRoom() {
        var room = new ArrayList<Descriptor>();
        try {
            while (room.size() < ROOM) {
                room.add(Descriptor.memory("dyad-room"));
            }
        } catch (SystemCallException e) {
            if (e.errno().equals(Errno.EMFILE) || e.errno().equals(Errno.ENFILE)) {
                throw new UncheckedIOException(new SystemCallException(
                        e.call(),
                        e.errno(),
                        "the JDK needs " + ROOM + " descriptors to tell the options of this JVM, the first time"));
            }
            // and any other failure is not about room
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            room.forEach(Descriptor::close);
        }
    }
}
