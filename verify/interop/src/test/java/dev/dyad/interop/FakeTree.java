package dev.dyad.interop;

import static dev.dyad.interop.Launcher.ROOT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A source tree with the real launcher in it, and a `mvn` that only copies the jars that are built already.
///
/// So a test may break it, and a build takes no time. The folder's name has a space and is not ASCII.
final class FakeTree {

    /// What a build leaves.
    static final String COPY =
            "mkdir -p cli/target/launcher && cp '%s'/target/launcher/*.jar cli/target/launcher/".formatted(ROOT)
                    + " && mv cli/target/launcher/dyad-cli.jar cli/target/";

    private final Path root;
    private final Path tools;

    FakeTree(Path folder) throws IOException {
        root = Files.createDirectories(folder.resolve("a tree 樹"));
        tools = Files.createDirectories(folder.resolve("bin"));
        Files.copy(ROOT.resolve("dyad"), root.resolve("dyad"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(root.resolve("pom.xml"));
        for (String module : List.of("posix", "socket", "process", "message", "worker", "php", "cli")) {
            Files.createDirectories(root.resolve(module).resolve("src/main"));
            Files.createFile(root.resolve(module).resolve("pom.xml"));
        }
        maven(COPY);
    }

    /// Plants what a build would leave, but for the AOT cache, whose training takes the longest.
    FakeTree built() throws IOException {
        Files.createDirectories(launched());
        try (Stream<Path> jars = Files.list(ROOT.resolve("target/launcher"))) {
            for (Path jar :
                    jars.filter(file -> file.toString().endsWith(".jar")).toList()) {
                Files.copy(jar, launched().resolve(jar.getFileName()));
            }
        }
        Files.createFile(launched().resolve("stamp"));
        return this;
    }

    Path root() {
        return root;
    }

    Path launched() {
        return root.resolve("target/launcher");
    }

    /// Makes this shell script the `mvn` of the tree; what it is called for is counted.
    void maven(String script) throws IOException {
        program(tools.resolve("mvn"), script);
    }

    /// Makes this shell script the wrapper that stands in the tree, whose calls are counted, too.
    void wrapper(String script) throws IOException {
        program(root.resolve("mvnw"), script);
    }

    private void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\necho called >>'" + root.resolve("calls") + "'\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    void withoutMaven() throws IOException {
        Files.deleteIfExists(tools.resolve("mvn"));
    }

    long builds() throws IOException {
        Path calls = root.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    /// Names in `target` that are there only while something is built.
    List<String> rest() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("target"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("launcher") && !name.equals("launcher.lock"))
                    .toList();
        }
    }

    /// The launcher, in an environment with the tests' JDK, this tree's tools and nothing else.
    Launcher dyad(String... arguments) {
        return Launcher.of(root.resolve("dyad"), arguments)
                .only(Map.of("JAVA_HOME", System.getProperty("java.home"), "PATH", tools.toString()));
    }
}
