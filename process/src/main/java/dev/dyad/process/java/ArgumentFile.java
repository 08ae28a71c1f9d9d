package dev.dyad.process.java;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.posix.CallState;
import dev.dyad.posix.Unistd;
import dev.dyad.socket.BorrowedFd;
import dev.dyad.socket.Descriptor;
import dev.dyad.socket.Errno;
import dev.dyad.socket.SystemCallException;
import dev.dyad.socket.fd.CloseOnFailure;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An option of the `java` launcher that is longer than the kernel takes one argument: it is written to a file in
/// memory, which the child opens by way of `/proc`, and which goes with this JVM.
///
/// Such a path is the same for all children as a rule, so that the files are kept, one for each.
public final class ArgumentFile {

    /// `MAX_ARG_STRLEN` of execve(2), with the NUL byte at the end.
    private static final int LONGEST = 128 * 1024 - 1;

    private static final Map<String, Descriptor> FILES = new HashMap<>(); // guarded by the class

    private ArgumentFile() {}

    /// Returns an option and its value as words, or as one that names a file of both.
    public static List<String> words(String option, String value) {
        if (value.getBytes(UTF_8).length <= LONGEST) {
            return List.of(option, value);
        }
        try {
            return List.of("@/proc/" + ProcessHandle.current().pid() + "/fd/" + file(option, value));
        } catch (IOException | UnsupportedOperationException e) {
            return List.of(option, value); // which the kernel will refuse by a clear name
        }
    }

    private static synchronized int file(String option, String value) throws IOException {
        String content = option + " \"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\n";
        Descriptor file = FILES.get(content);
        if (file == null) {
            file = written(content.getBytes(UTF_8));
            FILES.put(content, file);
        }
        try (BorrowedFd borrowed = file.borrow()) {
            return borrowed.fd(); // which it is until the JVM ends
        }
    }

    private static Descriptor written(byte[] content) throws IOException {
        return CloseOnFailure.of(Descriptor.memory("dyad-arguments"), file -> write(file, content));
    }

    private static void write(Descriptor file, byte[] content) throws IOException {
        try (var call = CallState.open();
                BorrowedFd borrowed = file.borrow()) {
            MemorySegment rest = call.allocateFrom(ValueLayout.JAVA_BYTE, content);
            while (rest.byteSize() > 0) {
                long answer = Unistd.write(call, borrowed.fd(), rest);
                if (answer < 0) {
                    throw new SystemCallException("write", Errno.of(answer));
                }
                rest = rest.asSlice(answer);
            }
        }
    }
}
