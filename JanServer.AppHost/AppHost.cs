Console.WriteLine("JanServer.AppHost");
