package dev.dyad.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dyad.message.Exchange;
import dev.dyad.process.Command;
import dev.dyad.worker.WorkerPlan;
import dev.dyad.worker.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A worker's scripts that are in a jar, as a program that is one file has them.
@Timeout(60)
class PackagedScriptTest {

    private static final List<String> SCRIPTS = List.of("numbered.py", "dyad.py");

    @TempDir
    Path folder;

    // @start region="packaged"
    /// @param program the class in whose package the scripts are, in a module too
    /// @param folder such as `Files.createTempDirectory("worker")` makes, which only this user can read
    static Command worker(Class<?> program, Path folder) throws IOException {
        for (String name : List.of("numbered.py", "dyad.py")) {
            try (InputStream script = program.getResourceAsStream(name)) {
                Files.copy(requireNonNull(script, name), folder.resolve(name));
            }
        }
        return Command.of("python3", folder.resolve("numbered.py").toString());
    }
    // @end

    private Path jar() throws IOException {
        Path file = folder.resolve("program.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
            String program = Program.class.getName().replace('.', '/');
            for (String name : SCRIPTS) {
                jar.putNextEntry(new JarEntry(program.substring(0, program.lastIndexOf('/') + 1) + name));
                Files.copy(ChildLanguage.inChildren(name), jar);
            }
            jar.putNextEntry(new JarEntry(program + ".class"));
            try (InputStream code =
                    Program.class.getResourceAsStream(program.substring(program.lastIndexOf('/') + 1) + ".class")) {
                requireNonNull(code).transferTo(jar);
            }
        }
        return file;
    }

    /// Is in the jar.
    static final class Program {}

    @Test
    void a_worker_runs_from_scripts_that_were_in_a_jar() throws Exception {
        Interpreters.require("python3");
        Path scripts = Files.createDirectory(folder.resolve("scripts"));
        try (var jar = new URLClassLoader(new URL[] {jar().toUri().toURL()}, null);
                Workers workers = WorkerPlan.of(worker(jar.loadClass(Program.class.getName()), scripts))
                        .workers(1)
                        .exchange(Exchange.NUMBERED)
                        .start()) {
            assertThat(UTF_8.decode(workers.call(UTF_8.encode("hello"))).toString())
                    .isEqualTo("HELLO");
        }
    }
}
