//! Room for the bodies of requests, from their first byte until they are answered: for so many bytes in all, and so many
//! bodies of one device, so that none takes the room of the others by sending slowly.

use std::sync::Arc;

use anggota::domain::DeviceId;
use anggota::protocol::problem::Code;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::places::{Place, Places};

/// Bytes of all bodies.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// More than a phone sends at once, because one whose phone lost its network is noticed late.
const MAX_OF_A_DEVICE: usize = 8;

/// The room that there is.
pub(crate) struct Bodies {
    bytes: Arc<Semaphore>,
    devices: Places,
}

impl Default for Bodies {
    fn default() -> Self {
        Self { bytes: Arc::new(Semaphore::new(MAX_BYTES)), devices: Places::new(MAX_OF_A_DEVICE, usize::MAX) }
    }
}

impl Bodies {
    /// Room for one more body, of a device or of somebody who is none yet.
    pub(crate) fn begin(&self, device: Option<&DeviceId>) -> Result<Room, Code> {
        let place = device.map(|device| self.devices.take(device).ok_or(Code::Busy)).transpose()?;
        Ok(Room { bytes: Arc::clone(&self.bytes), held: None, _place: place })
    }
}

/// The room of one body; dropping it gives it back.
pub(crate) struct Room {
    bytes: Arc<Semaphore>,
    held: Option<OwnedSemaphorePermit>,
    _place: Option<Place>,
}

impl Room {
    /// Takes room for so many more bytes: those that came, never those that were announced. Does not wait for it: of many
    /// that each have a part, none might ever get the rest.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Code> {
        let bytes = u32::try_from(bytes).map_err(|_| Code::TooLarge)?;
        let more = Arc::clone(&self.bytes).try_acquire_many_owned(bytes).map_err(|_| Code::Busy)?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bodies_together_take_bounded_room_and_give_it_back() {
        let bodies = Bodies::default();
        let mut rooms: Vec<_> = (0..2).map(|_| bodies.begin(None).unwrap()).collect();
        for half in &mut rooms {
            half.grow(MAX_BYTES / 4).unwrap();
            half.grow(MAX_BYTES / 4).unwrap();
        }
        let mut more = bodies.begin(None).unwrap();
        assert_eq!(more.grow(1), Err(Code::Busy));
        rooms.pop();
        assert_eq!(more.grow(MAX_BYTES / 2), Ok(()));
        drop((rooms, more));
        assert_eq!(bodies.bytes.available_permits(), MAX_BYTES);
    }

    #[test]
    fn no_device_sends_more_bodies_at_once_than_its_own() {
        let bodies = Bodies::default();
        let [one, other] = [1, 2].map(|random| DeviceId::new(0, [random; 10]));
        let mut rooms: Vec<_> = (0..MAX_OF_A_DEVICE).map(|_| bodies.begin(Some(&one)).unwrap()).collect();
        assert_eq!(bodies.begin(Some(&one)).err(), Some(Code::Busy));
        assert!(bodies.begin(Some(&other)).is_ok() && bodies.begin(None).is_ok());
        rooms.pop();
        assert!(bodies.begin(Some(&one)).is_ok());
    }
}
