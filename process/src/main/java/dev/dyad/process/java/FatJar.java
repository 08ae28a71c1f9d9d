package dev.dyad.process.java;

import org.jspecify.annotations.Nullable;

/// A program in a fat jar of Spring Boot, whose jars are in that jar, where only its own class loader finds them.
///
/// @see <a href="https://docs.spring.io/spring-boot/specification/executable-jar/property-launcher.html">
///     PropertiesLauncher</a>
public final class FatJar {

    private static final String LOADER = "org.springframework.boot.loader.";

    private FatJar() {}

    /// Returns the class in such a jar that runs any main class of it, or `null` where the loader is another.
    public static @Nullable String launcher(@Nullable ClassLoader loader) {
        String name = loader == null ? "" : loader.getClass().getName();
        return name.startsWith(LOADER) ? name.substring(0, name.lastIndexOf('.')) + ".PropertiesLauncher" : null;
    }
}
