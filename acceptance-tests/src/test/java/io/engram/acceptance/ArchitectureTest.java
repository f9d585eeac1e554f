package io.engram.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of docs/architecture.md. */
@AnalyzeClasses(packages = "io.engram", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule MODULES_USE_ONLY_WHAT_THE_DIAGRAM_ALLOWS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("io.engram..")
            .layer("genesis")
            .definedBy("io.engram.genesis..")
            .layer("evm")
            .definedBy("io.engram.evm..")
            .layer("inference")
            .definedBy("io.engram.inference..")
            .layer("p2p")
            .definedBy("io.engram.p2p..")
            .layer("client")
            .definedBy("io.engram.client..")
            .whereLayer("client")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("p2p")
            .mayOnlyBeAccessedByLayers("client")
            .whereLayer("inference")
            .mayOnlyBeAccessedByLayers("client")
            .whereLayer("evm")
            .mayOnlyBeAccessedByLayers("inference", "client")
            .whereLayer("genesis")
            .mayOnlyBeAccessedByLayers("evm", "inference", "p2p", "client")
            .withOptionalLayers(true);

    /** Two exceptions: one unpacks the native BLS library from its jar, one hands the JIT a file of directives. */
    @ArchTest
    static final ArchRule THE_EVM_KNOWS_NO_NETWORK_AND_NO_DISK = noClasses()
            .that()
            .resideInAPackage("io.engram.evm..")
            .and()
            .doNotHaveFullyQualifiedName("io.engram.evm.precompile.Blst")
            .and()
            .doNotHaveFullyQualifiedName("io.engram.evm.interpreter.OutOfLine")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.file..", "io.netty..", "io.vertx..", "org.rocksdb..");

    @ArchTest
    static final ArchRule CONSENSUS_SEES_NO_SOCKETS_AND_NO_STORAGE = noClasses()
            .that()
            .resideInAPackage("io.engram.client.consensus..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..",
                    "java.nio.file..",
                    "io.netty..",
                    "io.vertx..",
                    "org.rocksdb..",
                    "io.engram.client.storage..",
                    "io.engram.client.rpc..");

    @ArchTest
    static final ArchRule ROCKSDB_STAYS_IN_STORAGE = noClasses()
            .that()
            .resideOutsideOfPackage("io.engram.client.storage..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.rocksdb..");

    @ArchTest
    static final ArchRule VERTX_STAYS_IN_RPC = noClasses()
            .that()
            .resideOutsideOfPackage("io.engram.client.rpc..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..");
}
