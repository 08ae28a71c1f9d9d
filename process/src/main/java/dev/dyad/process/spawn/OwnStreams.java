package dev.dyad.process.spawn;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Fcntl;
import dev.dyad.posix.Platform;
import dev.dyad.posix.Platforms;
import dev.dyad.posix.Stat;
import dev.dyad.posix.SysStat;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Which of the standard streams this JVM was started with. The number of one that was closed then has become a
/// file of the JDK's, such as `lib/modules`, which is nothing for a child.
///
/// It is looked at once, and by what can be seen afterwards: a stream that came with the start is not
/// close-on-exec, one that is written to is not a file that can only be read, and none is a file that the JVM
/// loads classes from.
final class OwnStreams {

    private static final Platform OS = Platforms.current();

    private OwnStreams() {}

    /// Looks which of the numbers below 3 are no standard streams of this process.
    static List<Integer> missing() {
        return IntStream.range(0, ChildDescriptors.STREAMS)
                .filter(number -> !came(number))
                .boxed()
                .toList();
    }

    private static boolean came(int number) {
        try (var call = CallState.open()) {
            int flags = Fcntl.fcntl(call, number, OS.F_GETFD(), 0);
            if (flags < 0 || (flags & OS.FD_CLOEXEC()) != 0) {
                return false;
            }
            MemorySegment stat = call.allocate(Stat.LAYOUT);
            if (SysStat.fstat(call, number, stat) < 0 || (Stat.mode(stat) & OS.S_IFMT()) != OS.S_IFREG()) {
                return true;
            }
            int mode = Fcntl.fcntl(call, number, OS.F_GETFL(), 0) & OS.O_ACCMODE();
            return mode != OS.O_RDONLY() || (number == 0 && !isOfClasses(Stat.device(stat), Stat.inode(stat)));
        }
    }

    private static boolean isOfClasses(long device, long inode) {
        return Stream.of(
                        List.of(System.getProperty("java.home") + "/lib/modules"),
                        entries("java.class.path"),
                        entries("jdk.module.path"))
                .flatMap(List::stream)
                .map(Path::of)
                .anyMatch(path -> is(path, device, inode));
    }

    private static List<String> entries(String property) {
        return List.of(System.getProperty(property, "").split(File.pathSeparator));
    }

    private static boolean is(Path path, long device, long inode) {
        try {
            return Files.getAttribute(path, "unix:ino").equals(inode)
                    && Files.getAttribute(path, "unix:dev").equals(device);
        } catch (IOException e) {
            return false; // not there
        }
    }
}
