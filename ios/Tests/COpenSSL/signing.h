// What Swift cannot call of OpenSSL by itself: a macro, and a function with a variable list of arguments.
#pragma once

#include <openssl/ec.h>
#include <openssl/evp.h>

static inline EVP_PKEY *anggota_new_p256(void) {
    return EVP_EC_gen("P-256");
}
