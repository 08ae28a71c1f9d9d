package dev.dyad.process.java;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.util.JavacTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Compiles a program that was started as `java File.java` once more, as the launcher did: in memory.
///
/// A lambda keeps its name, for the compiler derives the name of a serializable one from what is around it.
final class SourceCompiler {

    private static final JavaCompiler JAVAC = ToolProvider.getSystemJavaCompiler();

    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    private SourceCompiler() {}

    /// Returns a class loader with the classes of a source file, and of the other files of its program.
    static ClassLoader compile(Path file) throws IOException {
        var compiler = new SourceCompiler();
        compiler.compile(new SourceFile(file), options(rootOf(file)));
        return new Loader(file, compiler.classes);
    }

    private void compile(JavaFileObject source, List<String> options) throws IOException {
        var complaints = new StringWriter();
        try (var files = new InMemory(JAVAC.getStandardFileManager(null, null, null))) {
            if (!JAVAC.getTask(complaints, files, null, options, null, List.of(source))
                    .call()) {
                throw new IOException("the program does not compile any more:\n" + complaints);
            }
        }
    }

    private static List<String> options(Path root) {
        var options = new ArrayList<>(List.of("-proc:none", "-Xlint:none", "-sourcepath", root.toString()));
        addPath(options, "--class-path", "java.class.path");
        addPath(options, "--module-path", "jdk.module.path");
        for (String option : InputArguments.all()) {
            if (option.equals("--enable-preview")) {
                options.addAll(List.of(
                        option, "--release", Integer.toString(Runtime.version().feature())));
            } else if (option.startsWith("--add-exports=") || isNamingModules(option)) {
                options.add(option);
            }
        }
        return options;
    }

    /// `ALL-DEFAULT` is only for the launcher.
    private static boolean isNamingModules(String option) {
        return option.startsWith("--add-modules=") && !option.endsWith("=ALL-DEFAULT");
    }

    private static void addPath(List<String> options, String option, String property) {
        String path = System.getProperty(property, "");
        if (!path.isEmpty()) {
            options.addAll(List.of(option, path));
        }
    }

    /// Returns the folder in which the packages begin, which is as far up as the file's own package is deep.
    private static Path rootOf(Path file) throws IOException {
        Path root = file.toAbsolutePath().getParent();
        for (int depth = packageOf(file).length; depth > 0 && root != null; depth--) {
            root = root.getParent();
        }
        return root == null ? Path.of("") : root;
    }

    private static String[] packageOf(Path file) throws IOException {
        var complaints = new StringWriter(); // the compiler says it again
        var task = (JavacTask) JAVAC.getTask(complaints, null, null, null, null, List.of(new SourceFile(file)));
        ExpressionTree name = task.parse().iterator().next().getPackageName();
        return name == null ? new String[0] : name.toString().split("\\.", -1);
    }

    /// A source file whose first line may name its interpreter.
    private static final class SourceFile extends SimpleJavaFileObject {

        private final Path file;

        SourceFile(Path file) {
            super(URI.create("memory:///" + file.toUri().getRawPath()), Kind.SOURCE);
            this.file = file;
        }

        /// Any name will do, as it does for the launcher.
        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == Kind.SOURCE;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) throws IOException {
            String text = Files.readString(file);
            return text.startsWith("#!") ? "//" + text : text;
        }
    }

    /// Keeps what the compiler writes.
    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            var bytes = new ByteArrayOutputStream();
            classes.put(className, bytes);
            return new SimpleJavaFileObject(URI.create("memory:///" + className.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return bytes;
                }
            };
        }
    }

    /// Loads what was compiled.
    static final class Loader extends ClassLoader {

        private final Path file;
        private final Map<String, ByteArrayOutputStream> classes;

        Loader(Path file, Map<String, ByteArrayOutputStream> classes) {
            super(ClassLoader.getSystemClassLoader());
            this.file = file;
            this.classes = classes;
        }

        /// Returns the source file that the program was started by.
        Path file() {
            return file;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            ByteArrayOutputStream bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes.toByteArray(), 0, bytes.size());
        }
    }
}
