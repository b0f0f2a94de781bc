/* A mutex for what the whole process shares (only the arena does). */
#ifndef IMAGING_CORE_LOCK_H
#define IMAGING_CORE_LOCK_H

#ifdef _WIN32
#include <windows.h>
typedef SRWLOCK ImgLock;
#define IMG_LOCK_INIT SRWLOCK_INIT
#define img_lock(lock) AcquireSRWLockExclusive(lock)
#define img_unlock(lock) ReleaseSRWLockExclusive(lock)
#define IMG_LOCK_OVER_FORK(lock, in_child)
#else
#include <pthread.h>
typedef pthread_mutex_t ImgLock;
#define IMG_LOCK_INIT PTHREAD_MUTEX_INITIALIZER
#define img_lock(lock) pthread_mutex_lock(lock)
#define img_unlock(lock) pthread_mutex_unlock(lock)
/* Takes the lock while the process forks, so that the child never finds it held by a thread that
 * it has not got. The child runs `in_child` before it lets go. Once per file; two locks dealt with
 * so must never be held together. */
#define IMG_LOCK_OVER_FORK(lock, in_child)                                                         \
    static void fork_prepare(void) {                                                               \
        img_lock(lock);                                                                            \
    }                                                                                              \
    static void fork_parent(void) {                                                                \
        img_unlock(lock);                                                                          \
    }                                                                                              \
    static void fork_child(void) {                                                                 \
        in_child;                                                                                  \
        img_unlock(lock);                                                                          \
    }                                                                                              \
    __attribute__((constructor)) static void watch_forks(void) {                                   \
        pthread_atfork(fork_prepare, fork_parent, fork_child);                                     \
    }
#endif

#endif
