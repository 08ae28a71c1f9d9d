package dev.dyad.process.java;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A program that was started as `java File.java`, whose classes are in no file; or a child of one, or of its child.
record SourceProgram(Path file) {

    /// The launcher's own class loader, which is not public, and whose name is all that tells it.
    private static final String LOADER = "com.sun.tools.javac.launcher.MemoryClassLoader";

    /// Returns the program that a class was compiled from when it was started, or `null` if it was not.
    static @Nullable SourceProgram of(Class<?> owner) {
        ClassLoader loader = owner.getClassLoader();
        if (loader instanceof SourceCompiler.Loader compiled) {
            return new SourceProgram(compiled.file());
        }
        String file = System.getProperty("jdk.launcher.sourcefile");
        boolean isOfLauncher = loader != null && loader.getClass().getName().equals(LOADER);
        return isOfLauncher && file != null && !owner.getModule().isNamed() ? new SourceProgram(Path.of(file)) : null;
    }
}
