/**
 * Counts what crosses between Kotlin and Rust, in the generated code itself: a class loader that defines the package's
 * classes anew, with a count before every call of a native function and at the start of every function that Rust calls.
 */
package id.anggota

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.LongAdder
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.ClassWriter
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes.ACC_ABSTRACT
import org.objectweb.asm.Opcodes.ASM9
import org.objectweb.asm.Opcodes.INVOKESTATIC

/** The counts of the loader this object was loaded by: all zero but for classes of a [CountingLoader]. */
object Crossings {
    private val counts = ConcurrentHashMap<String, LongAdder>()

    /** Called by the counted code. */
    @JvmStatic
    fun crossed(name: String): Unit = counts.computeIfAbsent(name) { LongAdder() }.increment()

    /** What crossed since the last call, by the native function's or the called class's name. */
    fun take(): Map<String, Long> = counts.mapValues { it.value.sumThenReset() }.filterValues { it > 0 }
}

/** Whether a function of the library's interface crossed, and not only memory, handles and polls on its behalf. */
fun isOfTheInterface(name: String): Boolean =
    listOf("_fn_method_", "_fn_constructor_", "_fn_func_").any { it in name } || name.startsWith("uniffiCallbackInterface")

/** Defines the package's classes anew, counted. */
class CountingLoader : ClassLoader(CountingLoader::class.java.classLoader) {
    override fun loadClass(name: String, resolve: Boolean): Class<*> = synchronized(getClassLoadingLock(name)) {
        findLoadedClass(name) ?: if (name.startsWith("id.anggota.")) define(name) else super.loadClass(name, resolve)
    }

    private fun define(name: String): Class<*> {
        val file = name.replace('.', '/') + ".class"
        val plain = parent.getResourceAsStream(file)?.use { it.readBytes() } ?: throw ClassNotFoundException(name)
        val writer = ClassWriter(ClassWriter.COMPUTE_MAXS)
        ClassReader(plain).accept(CountedClass(writer), 0)
        return writer.toByteArray().let { defineClass(name, it, 0, it.size) }
    }
}

private class CountedClass(next: ClassVisitor) : ClassVisitor(ASM9, next) {
    private var simpleName = ""

    override fun visit(version: Int, access: Int, name: String, signature: String?, parent: String?, interfaces: Array<String>?) {
        simpleName = name.substringAfterLast('/')
        super.visit(version, access, name, signature, parent, interfaces)
    }

    override fun visitMethod(access: Int, name: String, descriptor: String, signature: String?, exceptions: Array<String>?): MethodVisitor {
        val isCalledByRust = name == "callback" && simpleName.startsWith("uniffi") && access and ACC_ABSTRACT == 0
        val next = super.visitMethod(access, name, descriptor, signature, exceptions)
        return CountedMethod(next, if (isCalledByRust) simpleName else null)
    }
}

private class CountedMethod(next: MethodVisitor, private val calledByRust: String?) : MethodVisitor(ASM9, next) {
    override fun visitCode() {
        super.visitCode()
        calledByRust?.let(::count)
    }

    override fun visitMethodInsn(opcode: Int, owner: String, name: String, descriptor: String, isInterface: Boolean) {
        if (owner == "id/anggota/UniffiLib" && "anggota_ffi_" in name) count(name)
        super.visitMethodInsn(opcode, owner, name, descriptor, isInterface)
    }

    private fun count(name: String) {
        super.visitLdcInsn(name)
        super.visitMethodInsn(INVOKESTATIC, "id/anggota/Crossings", "crossed", "(Ljava/lang/String;)V", false)
    }
}
