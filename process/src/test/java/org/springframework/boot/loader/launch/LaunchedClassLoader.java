package org.springframework.boot.loader.launch;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/// Stands for Spring Boot's loader of that name: all of the program comes from it, and nothing from the system's.
public final class LaunchedClassLoader extends URLClassLoader {

    /// Makes one of the class path.
    public LaunchedClassLoader() {
        super(urls(), getPlatformClassLoader());
    }

    private static URL[] urls() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(LaunchedClassLoader::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
