package dev.dyad.process.exit;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.constant.ClassDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/// Loads the classes of Dyad that a class leads to, where their loader may be closed before they are needed:
/// a server closes an application's, and its children still have to be ended with the JVM.
///
/// The JDK's own loaders are never closed, so nothing is done there.
final class ClassPreloader {

    private static final String OURS = "Ldev/dyad/";

    private final ClassLoader loader;
    private final Set<String> seen = new HashSet<>();
    private final Deque<String> next = new ArrayDeque<>();

    private ClassPreloader(ClassLoader loader) {
        this.loader = loader;
    }

    @SuppressWarnings("ReferenceEquality") // a loader is one object
    static void from(Class<?> first) {
        ClassLoader loader = first.getClassLoader();
        if (loader != ClassLoader.getSystemClassLoader() && first.getModule().getLayer() != ModuleLayer.boot()) {
            new ClassPreloader(loader).load(first.descriptorString());
        }
    }

    private void load(String first) {
        add(first);
        while (!next.isEmpty()) {
            String name = next.pop();
            try (InputStream bytes = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
                Class<?> _ = Class.forName(name, false, loader);
                if (bytes != null) {
                    addAll(bytes.readAllBytes());
                }
            } catch (IOException | ClassNotFoundException | LinkageError e) {
                // what is not here, as the compiler's classes are not in each JDK, will not be needed either
            }
        }
    }

    private void addAll(byte[] bytes) {
        for (PoolEntry entry : ClassFile.of().parse(bytes).constantPool()) {
            if (entry instanceof ClassEntry type) {
                add(component(type.asSymbol()).descriptorString());
            }
        }
    }

    private static ClassDesc component(ClassDesc type) {
        ClassDesc component = type;
        while (component.isArray()) {
            component = component.componentType();
        }
        return component;
    }

    private void add(String descriptor) {
        if (descriptor.startsWith(OURS) && seen.add(descriptor)) {
            next.push(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
        }
    }
}
