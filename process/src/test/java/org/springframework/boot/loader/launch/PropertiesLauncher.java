package org.springframework.boot.loader.launch;

import java.lang.reflect.Method;

/// Stands for Spring Boot's launcher of that name: runs the main class that a property names.
public final class PropertiesLauncher {

    private PropertiesLauncher() {}

    /// Runs it in a loader of the program's own.
    public static void main(String[] arguments) throws Exception {
        ClassLoader loader = new LaunchedClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        Method main = loader.loadClass(System.getProperty("loader.main")).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) arguments);
    }
}
