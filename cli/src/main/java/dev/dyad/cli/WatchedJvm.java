package dev.dyad.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A JVM of this machine, looked at from outside by `/proc`: nothing of it is changed, and it need not listen.
final class WatchedJvm {

    private static final String LIBRARY = "/libjvm.so";
    private static final String CHUNK = ".jfr";
    private static final Path OURS = Path.of("/proc/self");

    private final ProcessHandle process;
    private final Path folder;

    private WatchedJvm(ProcessHandle process) {
        this.process = process;
        folder = Path.of("/proc", Long.toString(process.pid()));
    }

    /// Finds one.
    ///
    /// @throws Problem if there is none by that number, or it is another user's
    static WatchedJvm of(long pid) throws Problem {
        ProcessHandle process = ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .orElseThrow(() -> new Problem(Problem.NO_INPUT, "there is no process " + pid));
        var jvm = new WatchedJvm(process);
        try {
            jvm.requireOurs();
            jvm.requireJvm();
        } catch (AccessDeniedException e) {
            throw jvm.notOurs("may not be looked at: " + e.getMessage());
        } catch (IOException e) {
            throw new Problem(Problem.NO_INPUT, "process " + pid + " has ended, or there is no /proc here");
        }
        return jvm;
    }

    private void requireOurs() throws IOException, Problem {
        Object us = Files.getAttribute(OURS, "unix:uid");
        if (!us.equals(0) && !us.equals(Files.getAttribute(folder, "unix:uid"))) {
            throw notOurs("belongs to the user " + Files.getOwner(folder).getName()
                    + "; only its owner and root may look at it");
        }
    }

    private Problem notOurs(String why) {
        return new Problem(Problem.NO_PERMISSION, "process " + pid() + " " + why);
    }

    private void requireJvm() throws IOException, Problem {
        try (Stream<String> mapped = Files.lines(folder.resolve("maps"))) {
            if (mapped.noneMatch(line -> line.contains(LIBRARY))) {
                throw new Problem(
                        Problem.NO_INPUT, "process " + pid() + " is no JVM: it has no " + LIBRARY.substring(1));
            }
        }
    }

    long pid() {
        return process.pid();
    }

    /// Waits until it has ended, so many milliseconds at most.
    void awaitEnd(long moment) throws InterruptedException {
        try {
            var _ = process.onExit().get(moment, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // it lives
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns whether it is stopped, as by SIGSTOP, so that it would answer nothing.
    boolean isStopped() {
        try {
            String stat = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1); // pid (name) state …
            return stat.startsWith("T", stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return false; // it has just ended
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Returns where its flight recorder writes to, if it does: the folder of the file that it has open for that.
    ///
    /// @throws Problem if that cannot be found out
    Optional<Path> repository() throws Problem {
        try (Stream<Path> open = Files.list(folder.resolve("fd"))) {
            return open.map(this::chunk)
                    .flatMap(Optional::stream)
                    .map(Path::getParent)
                    .findFirst();
        } catch (AccessDeniedException e) {
            throw notOurs("may not be looked at: " + e.getMessage());
        } catch (IOException e) {
            return Optional.empty(); // it has just ended
        }
    }

    /// Returns the file of a descriptor, if it is one that a recorder writes, by a path that leads there from here.
    private Optional<Path> chunk(Path descriptor) {
        try {
            Path file = Files.readSymbolicLink(descriptor);
            if (!file.toString().endsWith(CHUNK) || !isWritten(descriptor)) {
                return Optional.empty();
            }
            Path inItsRoot = folder.resolve("root").resolve(Path.of("/").relativize(file));
            return Stream.of(file, inItsRoot)
                    .filter(path -> isSame(path, descriptor))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // it was closed meanwhile
        }
    }

    private static boolean isWritten(Path descriptor) throws IOException {
        return Files.getPosixFilePermissions(descriptor, LinkOption.NOFOLLOW_LINKS)
                .contains(PosixFilePermission.OWNER_WRITE);
    }

    private static boolean isSame(Path path, Path descriptor) {
        try {
            return Files.isSameFile(path, descriptor);
        } catch (IOException e) {
            return false;
        }
    }
}
