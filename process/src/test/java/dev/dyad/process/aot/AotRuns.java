package dev.dyad.process.aot;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.dyad.harness.JavaProbe;
import dev.dyad.process.Child;
import dev.dyad.process.Command;
import dev.dyad.process.Inherited;
import dev.dyad.process.JavaCommand;
import dev.dyad.process.Talk;
import dev.dyad.process.java.JavaLauncher;
import dev.dyad.socket.StreamSocket;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/// Runs programs that start Java children, from jars, as a user has them: what is tested here is no folder.
final class AotRuns {

    private AotRuns() {}

    /// Starts Java children one after the other, as it is told by its end, and says what each of them said.
    static final class Parent {
        public static void main(String[] arguments) throws Exception {
            StreamSocket test = Inherited.socket();
            for (int told = read(test); told > 0; told = read(test)) {
                if (told == 'x') {
                    System.exit(0);
                }
                var command = JavaCommand.of(Kid.class, "a", "b").aotCache();
                if (told == 'h') {
                    command = command.maxHeap(50 << 20);
                }
                String said;
                try (Child kid = command.spawn()) {
                    said = Talk.readToEnd(kid.socket());
                }
                test.write(UTF_8.encode(said + "\n"));
            }
        }

        private static int read(StreamSocket test) throws IOException {
            var one = ByteBuffer.allocate(1);
            return test.read(one) < 0 ? -1 : one.get(0);
        }
    }

    /// Says with what options it was started.
    static final class Kid {
        public static void main(String[] arguments) throws Exception {
            System.out.println("stdout of " + List.of(arguments));
            try (StreamSocket parent = Inherited.socket()) {
                parent.write(UTF_8.encode(Version.NUMBER + " "
                        + ManagementFactory.getRuntimeMXBean().getInputArguments()));
            }
        }
    }

    /// What a new version of a jar changes.
    static final class Version {
        static final Integer NUMBER = Integer.valueOf(1); // no constant of the compiler

        private Version() {}
    }

    /// Puts the class path of a probe, which begins with the tests, into jars.
    static List<Path> jars(Path folder) throws IOException {
        List<String> command = JavaProbe.of(Parent.class).command();
        var jars = new ArrayList<Path>();
        for (String entry : command.get(command.indexOf("-cp") + 1).split(":", -1)) {
            Path root = Path.of(entry);
            Path jar = folder.resolve(jars.size() + ".jar");
            if (Files.isDirectory(root)) {
                pack(root, jar);
            } else if (Files.exists(root)) {
                Files.copy(root, jar);
            }
            if (Files.exists(jar)) {
                jars.add(jar);
            }
        }
        return jars;
    }

    private static void pack(Path root, Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                put(out, root.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
    }

    /// Copies the jar of the tests with another version in it, byte for byte as long: it is stored, not compressed.
    static void repack(Path jar, Path changed) throws IOException {
        String name = Version.class.getName().replace('.', '/') + ".class";
        try (var in = new JarFile(jar.toFile());
                var out = new JarOutputStream(Files.newOutputStream(changed))) {
            for (JarEntry old : Collections.list(in.entries())) {
                byte[] bytes = in.getInputStream(old).readAllBytes();
                put(out, old.getName(), old.getName().equals(name) ? otherVersion(bytes) : bytes);
            }
        }
    }

    /// The initializer begins with `iconst_1` and `invokestatic`.
    private static byte[] otherVersion(byte[] file) {
        for (int i = 0; i + 1 < file.length; i++) {
            if (file[i] == 0x04 && file[i + 1] == (byte) 0xb8) {
                file[i] = 0x05;
                return file;
            }
        }
        throw new AssertionError("no initializer");
    }

    private static void put(JarOutputStream out, String name, byte[] bytes) throws IOException {
        var entry = new JarEntry(name);
        var sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        entry.setTime(0);
        out.putNextEntry(entry);
        out.write(bytes);
    }

    /// Returns the command that runs a class from a class path.
    static Command parent(List<Path> classPath, Path home, String... options) {
        var command = Command.of(line(classPath, options));
        JavaLauncher.VARIABLES.forEach(command::withoutEnvironment);
        return command.environment("XDG_CACHE_HOME", home.toString());
    }

    static List<String> line(List<Path> classPath, String... options) {
        var line =
                new ArrayList<>(List.of(JavaLauncher.path(), "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"));
        line.addAll(List.of(options));
        line.addAll(List.of("-cp", joined(classPath), Parent.class.getName()));
        return line;
    }

    static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /// Tells a parent to start one more child, and returns what that said.
    static String next(Child parent, char told) throws IOException {
        parent.socket().write(ByteBuffer.wrap(new byte[] {(byte) told}));
        var said = new StringBuilder();
        var one = ByteBuffer.allocate(1);
        while (parent.socket().read(one.clear()) > 0 && one.get(0) != '\n') {
            said.append((char) one.get(0));
        }
        return said.toString();
    }
}
